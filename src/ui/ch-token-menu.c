#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-token-menu.h"

/* Deeds of a software token as ch-token-window has them, in the order of the menu; a blank one parts them */
static const struct
{
  const char *id;
  const char *label;
} care_rows[] = {
  { "test", N_ ("Sign a test…") },
  { "change-passphrase", N_ ("Change the passphrase…") },
  { NULL, NULL },
  { "back-up", N_ ("Back up…") },
  { "export", N_ ("Export for other programs…") },
  { NULL, NULL },
  { "move", N_ ("Move to another PC…") },
  { "moved", N_ ("Finish the move…") },
  { NULL, NULL },
  { "delete", N_ ("Delete…") },
};

/* Of a USB key */
static const struct
{
  const char *id;
  const char *label;
  ChTokenAbilities wants;
} key_rows[] = {
  { "test", N_ ("Sign a test…"), 0 },
  { "change-pin", N_ ("Change the PIN…"), CH_TOKEN_CAN_CHANGE_PIN },
};

static GMenuModel *
make_key_menu (const ChTokenInfo *info)
{
  GMenu *menu = g_menu_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (key_rows); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_ (key_rows[i].label), NULL);

      if ((info->abilities & key_rows[i].wants) != key_rows[i].wants)
        continue;
      g_menu_item_set_action_and_target (item, "win.token", "(ss)", key_rows[i].id, info->serial);
      g_menu_append_item (menu, item);
    }
  if ((info->abilities & CH_TOKEN_CAN_UNLOCK) != 0)
    g_menu_append (menu, _ ("Unlock the PIN…"), "win.unlock");
  return G_MENU_MODEL (menu);
}

static GMenuModel *
make_care_menu (const char *serial)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) section = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (care_rows); i++)
    {
      g_autoptr (GMenuItem) item = NULL;

      if (care_rows[i].id == NULL)
        {
          g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
          g_clear_object (&section);
          section = g_menu_new ();
          continue;
        }
      item = g_menu_item_new (_ (care_rows[i].label), NULL);
      g_menu_item_set_action_and_target (item, "win.token", "(ss)", care_rows[i].id, serial);
      g_menu_append_item (section, item);
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  return G_MENU_MODEL (menu);
}

/**
 * ch_token_menu_new:
 * @token: a key or a software token
 *
 * Returns: (transfer full) (nullable): what can be done to it, as actions of the window; %NULL where that is
 *   nothing
 */
GMenuModel *
ch_token_menu_new (ChToken *token)
{
  const ChTokenInfo *info = ch_token_get_info (token);

  if (g_str_equal (info->medium, "ukey"))
    return make_key_menu (info);
  return (info->abilities & CH_TOKEN_CAN_BACK_UP) != 0 ? make_care_menu (info->serial) : NULL;
}
