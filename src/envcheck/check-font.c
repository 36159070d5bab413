#include "config.h"

#include <fontconfig/fontconfig.h>
#include <glib/gi18n-lib.h>

#include "envcheck/checks.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FcConfig, FcConfigDestroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FcPattern, FcPatternDestroy)

/* A font that lacks one of these is none for Chinese: 证书大厅 */
static const FcChar32 sample[] = { 0x8bc1, 0x4e66, 0x5927, 0x5385 };

static gboolean
covers_sample (FcPattern *font)
{
  FcCharSet *chars = NULL;

  if (FcPatternGetCharSet (font, FC_CHARSET, 0, &chars) != FcResultMatch)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (sample); i++)
    if (!FcCharSetHasChar (chars, sample[i]))
      return FALSE;
  return TRUE;
}

static ChCheckResult *
run_font (const ChCheckTask *task)
{
  /* A configuration of its own: the window’s is not touched, and what was installed meanwhile is seen */
  g_autoptr (FcConfig) config = FcInitLoadConfigAndFonts ();
  g_autoptr (FcPattern) wanted = FcNameParse ((const FcChar8 *) "sans-serif:lang=zh-cn");
  g_autoptr (FcPattern) found = NULL;
  ChCheckResult *result;
  FcChar8 *family = NULL;
  FcChar8 *file = NULL;
  FcResult status;

  if (config == NULL)
    return ch_check_result_new_found (CH_FINDING_FONT_MISSING, NULL);

  FcConfigSubstitute (config, wanted, FcMatchPattern);
  FcDefaultSubstitute (wanted);
  found = FcFontMatch (config, wanted, &status);
  if (found == NULL || !covers_sample (found))
    {
      result = ch_check_result_new_found (CH_FINDING_FONT_MISSING, NULL);
      if (found != NULL && FcPatternGetString (found, FC_FAMILY, 0, &family) == FcResultMatch)
        ch_check_result_set_detail (result, "nearest font: %s", (const char *) family);
      return result;
    }

  FcPatternGetString (found, FC_FAMILY, 0, &family);
  FcPatternGetString (found, FC_FILE, 0, &file);
  result = ch_check_result_new (CH_CHECK_PASSED, (const char *) family);
  ch_check_result_set_detail (result, "%s", (const char *) file);
  return result;
}

const ChCheck ch_check_font = {
  .id = "font",
  .title = N_ ("Chinese font"),
  .group = CH_CHECK_GROUP_PC,
  .run = run_font,
};
