#include "config.h"

#include "ui/ch-glyph.h"

/* clang-format off */
static const char *const media[] = {
  [CH_MEDIUM_UKEY]  = "media-removable-symbolic",
  [CH_MEDIUM_SOFT]  = "security-high-symbolic",
  [CH_MEDIUM_PHONE] = "phone-symbolic",
};
G_STATIC_ASSERT (G_N_ELEMENTS (media) == CH_N_MEDIA);

static const char *const businesses[] = {
  [CH_BUSINESS_APPLY]          = "document-new-symbolic",
  [CH_BUSINESS_RENEW]          = "view-refresh-symbolic",
  [CH_BUSINESS_CHANGE]         = "document-edit-symbolic",
  [CH_BUSINESS_CHANGE_HANDLER] = "avatar-default-symbolic",
  [CH_BUSINESS_REPLACE]        = "edit-copy-symbolic",
  [CH_BUSINESS_REVOKE]         = "user-trash-symbolic",
  [CH_BUSINESS_UNLOCK]         = "changes-allow-symbolic",
  [CH_BUSINESS_DOWNLOAD]       = "folder-download-symbolic",
  [CH_BUSINESS_VERIFY]         = "security-high-symbolic",
  [CH_BUSINESS_MAKE]           = "media-removable-symbolic",
};
G_STATIC_ASSERT (G_N_ELEMENTS (businesses) == CH_N_BUSINESSES);
/* clang-format on */

/**
 * ch_glyph_of_medium:
 * @medium: (nullable): id of the axis
 *
 * Returns: the name of an icon
 */
const char *
ch_glyph_of_medium (const char *medium)
{
  int value;

  return medium != NULL && ch_wire_enum_from_id (&ChMedium_enum, medium, &value)
             ? media[value]
             : "application-certificate-symbolic";
}

/**
 * ch_glyph_of_business:
 *
 * Returns: the name of an icon
 */
const char *
ch_glyph_of_business (ChBusiness business)
{
  return businesses[business];
}
