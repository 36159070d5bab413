#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-format.h"
#include "ui/ch-due-row.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-glyph.h"
#include "front/ch-batch-sheet.h"
#include "ui/ch-home-view.h"
#include "ui/ch-tile.h"

/* More than these are counted in the last row */
#define MAX_DUE 5

struct _ChHomeView
{
  AdwBin parent_instance;

  ChFront *front;        /* (owned) */
  GPtrArray *due_rows;   /* (unowned elements): in their group */
  GPtrArray *token_rows; /* (unowned elements): in their group */
  GPtrArray *tiles;      /* (unowned elements): in the flow box */
  GtkWidget *look_up;    /* (unowned): in the group of the account */
  GtkWidget *batch;      /* in `about` */

  GtkStack *stack;               /* template child */
  ChErrorBar *error_bar;         /* template child */
  AdwPreferencesGroup *account;  /* template child */
  AdwPreferencesGroup *due;      /* template child */
  AdwPreferencesGroup *tokens;   /* template child */
  AdwPreferencesGroup *business; /* template child */
  GtkFlowBox *tile_box;          /* template child */
  AdwPreferencesGroup *about;    /* template child */
};

G_DEFINE_FINAL_TYPE (ChHomeView, ch_home_view, ADW_TYPE_BIN)

/* In the order of the page; what the CA does not offer is left out */
static const struct
{
  ChBusiness business;
  const char *subtitle;
} tiles[] = {
  { CH_BUSINESS_APPLY, N_ ("Your first certificate") },
  { CH_BUSINESS_RENEW, N_ ("Before it ends") },
  { CH_BUSINESS_CHANGE, N_ ("The unit’s data changed") },
  { CH_BUSINESS_CHANGE_HANDLER, N_ ("Somebody else acts") },
  { CH_BUSINESS_REPLACE, N_ ("Lost or broken") },
  { CH_BUSINESS_REVOKE, N_ ("No longer used") },
  { CH_BUSINESS_UNLOCK, N_ ("The PIN is locked") },
  { CH_BUSINESS_DOWNLOAD, N_ ("With a code of support") },
  { CH_BUSINESS_VERIFY, N_ ("Whether it is valid") },
};

/* Needs no login, and the CA only to be asked */
static gboolean
is_for_everybody (ChBusiness business)
{
  return business == CH_BUSINESS_VERIFY;
}

/* What follows a business: a part of the list of applications */
static const struct
{
  ChListPart part;
  const char *glyph;
  const char *subtitle;
} part_tiles[] = {
  { CH_LIST_PART_INVOICE, "x-office-spreadsheet-symbolic", N_ ("For what was paid") },
  { CH_LIST_PART_DELIVERY, "package-x-generic-symbolic", N_ ("Where the key is") },
};

/* What the CA tells everybody */
static const struct
{
  const char *glyph;
  const char *title;
  const char *subtitle;
  const char *action;
} about_rows[] = {
  { "view-list-bullet-symbolic", N_ ("Projects"), N_ ("Whom the CA works for, and the prices"),
    "win.projects" },
  { "folder-download-symbolic", N_ ("Downloads"), N_ ("Forms, CA certificates, revocation lists"),
    "win.downloads" },
};

static const char *const due_glyphs[] = {
  [CH_STANDING_REFUSED] = "dialog-error-symbolic",
  [CH_STANDING_TO_PAY] = "document-open-recent-symbolic",
  [CH_STANDING_TO_INSTALL] = "folder-download-symbolic",
  [CH_STANDING_IN_REVIEW] = "document-open-recent-symbolic",
  [CH_STANDING_BEING_MADE] = "media-removable-symbolic",
  [CH_STANDING_DRAFT] = "document-edit-symbolic",
  [CH_STANDING_DONE] = "object-select-symbolic",
  [CH_STANDING_WITHDRAWN] = "edit-undo-symbolic",
};
G_STATIC_ASSERT (G_N_ELEMENTS (due_glyphs) == CH_N_STANDINGS);

static void
remove_rows (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

static void
add_row (AdwPreferencesGroup *group, GPtrArray *rows, GtkWidget *row)
{
  adw_preferences_group_add (group, row);
  g_ptr_array_add (rows, row);
}

static GtkWidget *
make_due_row (ChDueItem *item)
{
  ChApplicationItem *application = ch_due_item_get_application (item);
  ChCertItem *cert = ch_due_item_get_cert (item);
  ChTone tone = ch_due_item_get_tone (item);
  const char *glyph = application == NULL ? "alarm-symbolic"
                      : ch_due_item_is_unfinished (item)
                          ? "view-refresh-symbolic"
                          : due_glyphs[ch_application_item_get_standing (application)];
  GtkWidget *row = ch_due_row_new (glyph, ch_due_item_get_title (item), ch_due_item_get_detail (item), tone);

  if (application != NULL)
    ch_due_row_set_action (CH_DUE_ROW (row), _ (ch_due_item_get_deed (item)), "win.resume",
                           ch_application_item_get_id (application));
  else
    ch_due_row_set_action (CH_DUE_ROW (row), _ (ch_due_item_get_deed (item)),
                           ch_cert_item_get_can_renew (cert) ? "win.renew" : "win.show-certificate",
                           ch_cert_item_get_serial (cert));
  return row;
}

static void
refresh_due (ChHomeView *self)
{
  GListModel *due = G_LIST_MODEL (ch_front_get_due (self->front));
  guint n = g_list_model_get_n_items (due);

  remove_rows (self->due, self->due_rows);
  for (guint i = 0; i < MIN (n, MAX_DUE); i++)
    {
      g_autoptr (ChDueItem) item = g_list_model_get_item (due, i);

      add_row (self->due, self->due_rows, make_due_row (item));
    }
  if (n > MAX_DUE)
    {
      /* Translators: %u is how many things are due, more than are shown */
      g_autofree char *title = g_strdup_printf (ngettext ("All %u thing", "All %u things", n), n);
      GtkWidget *row = ch_due_row_new ("view-more-symbolic", title, "", CH_TONE_IDLE);

      ch_due_row_set_action (CH_DUE_ROW (row), _ ("Show"), "win.view", "applications");
      add_row (self->due, self->due_rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->due), n > 0);
}

static GtkWidget *
make_about_row (gsize i)
{
  GtkWidget *row = ch_due_row_new (about_rows[i].glyph, _ (about_rows[i].title), _ (about_rows[i].subtitle),
                                   CH_TONE_INFO);

  ch_due_row_set_action (CH_DUE_ROW (row), _ ("Show"), about_rows[i].action, NULL);
  return row;
}

static GtkWidget *
make_soft_row (ChToken *token)
{
  const ChTokenInfo *info = ch_token_get_info (token);
  ChMedium medium = CH_MEDIUM_SOFT;
  int value;
  g_autofree char *subtitle = NULL;
  GtkWidget *row;

  if (ch_wire_enum_from_id (&ChMedium_enum, info->medium, &value))
    medium = value;
  subtitle = g_strdup_printf ("%s · %s", info->label, info->serial);
  row = ch_due_row_new (ch_glyph_of_medium (info->medium), _ (ch_medium_get_title (medium)), subtitle,
                        CH_TONE_OK);
  ch_due_row_set_action (CH_DUE_ROW (row), _ ("Certificates"), "win.view", "certs");
  return row;
}

/* Whose it is, its number, from when to when and how long that still is */
static GtkWidget *
make_certificate_row (ChToken *token, ChCertItem *item)
{
  const ChTokenInfo *info = ch_token_get_info (token);
  ChCertStanding standing = ch_cert_item_get_standing (item);
  g_autofree char *from = ch_format_iso_date (ch_cert_item_get_not_before (item));
  g_autofree char *to = ch_format_iso_date (ch_cert_item_get_not_after (item));
  g_autofree char *left = ch_cert_item_format_time_left (item);
  /* Translators: name of the holder, number of the USB key; first and last day, “23 days left” */
  g_autofree char *subtitle
      = g_strdup_printf (_ ("%s · %s\n%s to %s · %s"), ch_cert_item_get_name (item), info->serial, from, to,
                         standing == CH_CERT_REVOKED ? _ (ch_cert_standing_get_title (standing)) : left);
  GtkWidget *row
      = ch_due_row_new ("media-removable-symbolic", _ ("USB key plugged in"), subtitle,
                        standing == CH_CERT_VALID ? CH_TONE_OK : ch_cert_standing_get_tone (standing));

  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (ch_cert_item_get_can_renew (item))
    ch_due_row_set_action (CH_DUE_ROW (row), _ ("Renew"), "win.renew", ch_cert_item_get_serial (item));
  else
    ch_due_row_set_action (CH_DUE_ROW (row), _ ("Show"), "win.show-certificate",
                           ch_cert_item_get_serial (item));
  return row;
}

/* One without a certificate, or with a PIN that has to be seen to first */
static GtkWidget *
make_bare_row (ChToken *token, ChPinState state)
{
  const ChTokenInfo *info = ch_token_get_info (token);
  gboolean is_locked = state == CH_PIN_LOCKED;
  const char *words = is_locked ? _ ("The PIN is locked") : _ ("no certificate yet");
  g_autofree char *subtitle = g_strdup_printf ("%s · %s\n%s", info->label, info->serial, words);
  GtkWidget *row = ch_due_row_new ("media-removable-symbolic", _ ("USB key plugged in"), subtitle,
                                   is_locked ? CH_TONE_BAD : CH_TONE_INFO);

  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (is_locked)
    ch_due_row_set_action (CH_DUE_ROW (row), _ ("Unlock"), "win.unlock", NULL);
  return row;
}

static void
add_key_rows (ChHomeView *self, ChToken *token)
{
  GListModel *certs = G_LIST_MODEL (ch_front_get_certs (self->front));
  const char *serial = ch_token_get_info (token)->serial;
  ChPinState state = ch_token_get_pin_state (token);
  guint n_rows = 0;

  for (guint i = 0; state != CH_PIN_LOCKED && i < g_list_model_get_n_items (certs); i++)
    {
      g_autoptr (ChCertItem) item = g_list_model_get_item (certs, i);
      ChToken *holder = ch_cert_item_get_token (item);

      if (holder == NULL || g_strcmp0 (ch_token_get_info (holder)->serial, serial) != 0)
        continue;
      add_row (self->tokens, self->token_rows, make_certificate_row (token, item));
      n_rows++;
    }
  if (n_rows == 0)
    add_row (self->tokens, self->token_rows, make_bare_row (token, state));
}

static void
refresh_tokens (ChHomeView *self)
{
  GListModel *hub = G_LIST_MODEL (ch_ports_get_hub (ch_front_get_ports (self->front)));
  gboolean has_key = FALSE;

  remove_rows (self->tokens, self->token_rows);
  for (guint i = 0; i < g_list_model_get_n_items (hub); i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (hub, i);

      if (g_str_equal (ch_token_get_info (token)->medium, "ukey"))
        add_key_rows (self, token);
      else
        add_row (self->tokens, self->token_rows, make_soft_row (token));
      has_key = has_key || g_str_equal (ch_token_get_info (token)->medium, "ukey");
    }
  /* Only where the CA has any: whoever has a software token misses nothing */
  if (!has_key && ch_front_has_part (self->front, CH_LIST_PART_DELIVERY))
    {
      GtkWidget *row = ch_due_row_new ("media-removable-symbolic", _ ("No USB key is plugged in"),
                                       _ ("Plug in the one your certificate is on"), CH_TONE_IDLE);

      ch_due_row_set_action (CH_DUE_ROW (row), _ ("Not found?"), "app.check", NULL);
      add_row (self->tokens, self->token_rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->tokens), self->token_rows->len > 0);
}

/* What it takes can be read before it is begun, and before anybody logs in */
static void
add_business (GtkWidget *tile, ChBusiness business)
{
  const char *id = ch_wire_enum_get_id (&ChBusiness_enum, business);
  /* Translators: %s is a business: New certificate */
  g_autofree char *help = g_strdup_printf (_ ("What do I need? %s"), _ (ch_business_get_title (business)));

  ch_tile_set_action (CH_TILE (tile), "win.start", id);
  ch_tile_set_help (CH_TILE (tile), help, "win.needs", id);
}

static void
refresh_tiles (ChHomeView *self)
{
  for (guint i = 0; i < self->tiles->len; i++)
    gtk_flow_box_remove (self->tile_box, self->tiles->pdata[i]);
  g_ptr_array_set_size (self->tiles, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (tiles); i++)
    {
      GtkWidget *tile;

      if (!is_for_everybody (tiles[i].business) && !ch_front_offers (self->front, tiles[i].business))
        continue;
      tile = ch_tile_new (ch_glyph_of_business (tiles[i].business),
                          _ (ch_business_get_title (tiles[i].business)), _ (tiles[i].subtitle));
      if (is_for_everybody (tiles[i].business))
        ch_tile_set_action (CH_TILE (tile), "app.verify", NULL);
      else if (tiles[i].business == CH_BUSINESS_DOWNLOAD
               || tiles[i].business == CH_BUSINESS_UNLOCK) /* a code is all it takes */
        ch_tile_set_action (CH_TILE (tile), "win.start",
                            ch_wire_enum_get_id (&ChBusiness_enum, tiles[i].business));
      else
        add_business (tile, tiles[i].business);
      gtk_flow_box_append (self->tile_box, tile);
      g_ptr_array_add (self->tiles, tile);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (part_tiles); i++)
    {
      GtkWidget *tile;

      if (!ch_front_has_part (self->front, part_tiles[i].part))
        continue;
      tile = ch_tile_new (part_tiles[i].glyph, _ (ch_list_part_get_title (part_tiles[i].part)),
                          _ (part_tiles[i].subtitle));
      ch_tile_set_action (CH_TILE (tile), "win.show-part",
                          ch_wire_enum_get_id (&ChListPart_enum, part_tiles[i].part));
      gtk_flow_box_append (self->tile_box, tile);
      g_ptr_array_add (self->tiles, tile);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->business), self->tiles->len > 0);
}

static void
refresh_state (ChHomeView *self)
{
  ChFrontState state = ch_front_get_state (self->front);

  /* Without a network the tokens can still be looked at */
  gtk_stack_set_visible_child_name (
      self->stack, state == CH_FRONT_CONNECTED || state == CH_FRONT_FAILED ? "content" : "loading");
  if (state == CH_FRONT_FAILED)
    ch_error_bar_show (self->error_bar, ch_front_get_error (self->front));
  else
    ch_error_bar_hide (self->error_bar);
  gtk_widget_set_visible (GTK_WIDGET (self->account),
                          state == CH_FRONT_CONNECTED && !ch_front_is_logged_in (self->front));
  gtk_widget_set_visible (GTK_WIDGET (self->about), state == CH_FRONT_CONNECTED);
  gtk_widget_set_visible (self->look_up,
                          state == CH_FRONT_CONNECTED && ch_front_get_profile (self->front)->order_lookup);
  gtk_widget_set_visible (self->batch, state == CH_FRONT_CONNECTED
                                           && ch_batch_is_offered (ch_front_get_profile (self->front)));
  refresh_tiles (self);
  refresh_tokens (self);
}

static void
on_front_notify_cb (ChFront *front, GParamSpec *pspec, ChHomeView *self)
{
  refresh_state (self);
}

static void
on_due_changed_cb (GListModel *due, guint position, guint removed, guint added, ChHomeView *self)
{
  refresh_due (self);
}

static void
on_tokens_changed_cb (GListModel *hub, guint position, guint removed, guint added, ChHomeView *self)
{
  refresh_tokens (self);
}

static void
on_retry_cb (ChErrorBar *bar, ChHomeView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.refresh", NULL);
}

static void
ch_home_view_dispose (GObject *object)
{
  ChHomeView *self = CH_HOME_VIEW (object);

  g_clear_object (&self->front);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_HOME_VIEW);
  G_OBJECT_CLASS (ch_home_view_parent_class)->dispose (object);
}

static void
ch_home_view_finalize (GObject *object)
{
  ChHomeView *self = CH_HOME_VIEW (object);

  g_ptr_array_unref (self->due_rows);
  g_ptr_array_unref (self->token_rows);
  g_ptr_array_unref (self->tiles);

  G_OBJECT_CLASS (ch_home_view_parent_class)->finalize (object);
}

static void
ch_home_view_class_init (ChHomeViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ch_home_view_dispose;
  object_class->finalize = ch_home_view_finalize;

  g_type_ensure (CH_TYPE_DUE_ROW);
  g_type_ensure (CH_TYPE_ERROR_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-home-view"));
  gtk_widget_class_bind_template_child (widget_class, ChHomeView, stack);
  gtk_widget_class_bind_template_child (widget_class, ChHomeView, error_bar);
  gtk_widget_class_bind_template_child (widget_class, ChHomeView, account);
  gtk_widget_class_bind_template_child (widget_class, ChHomeView, due);
  gtk_widget_class_bind_template_child (widget_class, ChHomeView, tokens);
  gtk_widget_class_bind_template_child (widget_class, ChHomeView, business);
  gtk_widget_class_bind_template_child (widget_class, ChHomeView, tile_box);
  gtk_widget_class_bind_template_child (widget_class, ChHomeView, about);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
}

static void
ch_home_view_init (ChHomeView *self)
{
  GtkWidget *row;

  self->due_rows = g_ptr_array_new ();
  self->token_rows = g_ptr_array_new ();
  self->tiles = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  row = ch_due_row_new ("avatar-default-symbolic", _ ("You are not logged in"),
                        _ ("To see your applications and go on with them"), CH_TONE_INFO);
  ch_due_row_set_action (CH_DUE_ROW (row), _ ("Log in"), "win.log-in", NULL);
  ch_due_row_set_suggested (CH_DUE_ROW (row), TRUE);
  adw_preferences_group_add (self->account, row);
  for (gsize i = 0; i < G_N_ELEMENTS (about_rows); i++)
    adw_preferences_group_add (self->about, make_about_row (i));

  self->batch = ch_due_row_new ("x-office-spreadsheet-symbolic", _ ("Many applications at once"),
                                _ ("From a sheet, where the enterprise settles"), CH_TONE_INFO);
  ch_due_row_set_action (CH_DUE_ROW (self->batch), _ ("Show"), "win.batch", NULL);
  adw_preferences_group_add (self->about, self->batch);

  self->look_up = ch_due_row_new ("edit-find-symbolic", _ ("Look up an application"),
                                  _ ("By document number and SMS code, without an account"), CH_TONE_IDLE);
  ch_due_row_set_action (CH_DUE_ROW (self->look_up), _ ("Look up"), "win.look-up", NULL);
  adw_preferences_group_add (self->account, self->look_up);
}

/**
 * ch_home_view_set_front:
 * @front: whose state is shown
 */
void
ch_home_view_set_front (ChHomeView *self, ChFront *front)
{
  g_return_if_fail (CH_IS_HOME_VIEW (self));
  g_return_if_fail (self->front == NULL);

  self->front = g_object_ref (front);
  g_signal_connect_object (front, "notify::state", G_CALLBACK (on_front_notify_cb), self, 0);
  g_signal_connect_object (front, "notify::account-name", G_CALLBACK (on_front_notify_cb), self, 0);
  g_signal_connect_object (ch_front_get_due (front), "items-changed", G_CALLBACK (on_due_changed_cb), self,
                           0);
  g_signal_connect_object (ch_ports_get_hub (ch_front_get_ports (front)), "items-changed",
                           G_CALLBACK (on_tokens_changed_cb), self, 0);
  g_signal_connect_object (ch_front_get_certs (front), "items-changed", G_CALLBACK (on_tokens_changed_cb),
                           self, 0);
  refresh_state (self);
  refresh_due (self);
  refresh_tokens (self);
}
