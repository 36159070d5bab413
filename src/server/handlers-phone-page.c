#include "config.h"

#include "base/ch-error.h"
#include "server/ch-handler.h"
#include "server/ch-server-resources.h"

#define FOLDER "/org/certhall/server/phone/"

/* Everything is of this server and in files: nothing inline, nothing evaluated, nobody frames it */
#define POLICY                                                                                               \
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "      \
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

#define PAGE "index.html"

/* What there is to be had: no path is made of what somebody asks for */
static const struct
{
  const char *file;
  const char *mime;
} files[] = {
  { PAGE, "text/html; charset=utf-8" },
  { "phone.css", "text/css; charset=utf-8" },
  { "app.js", "text/javascript; charset=utf-8" },
  { "calls.js", "text/javascript; charset=utf-8" },
  { "deeds.js", "text/javascript; charset=utf-8" },
  { "der.js", "text/javascript; charset=utf-8" },
  { "keys.js", "text/javascript; charset=utf-8" },
  { "papers.js", "text/javascript; charset=utf-8" },
  { "statement.js", "text/javascript; charset=utf-8" },
  { "store.js", "text/javascript; charset=utf-8" },
  { "words.js", "text/javascript; charset=utf-8" },
};

static gpointer
serve (ChCall *call, const char *name, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    if (g_str_equal (files[i].file, name))
      {
        g_autofree char *path = g_strconcat (FOLDER, files[i].file, NULL);
        g_autoptr (GBytes) body = g_resource_lookup_data (ch_server_get_resource (), path, 0, error);

        if (body == NULL)
          return NULL;
        ch_call_set_raw (call, files[i].mime, body, 0);
        ch_call_set_policy (call, POLICY);
        return ch_wire_new (&ChNothing_wire);
      }

  g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "there is no such file");
  return NULL;
}

static gpointer
handle_page (ChCall *call, gpointer request, GError **error)
{
  return serve (call, PAGE, error);
}

static gpointer
handle_file (ChCall *call, gpointer request, GError **error)
{
  return serve (call, ch_call_get_arg (call, 0), error);
}

const ChHandlerRow ch_handlers_phone_page[] = {
  { &ch_route_phone_page, handle_page, CH_HANDLER_INLINE },
  { &ch_route_phone_file, handle_file, CH_HANDLER_INLINE },
  { NULL },
};
