#include "config.h"

#include "ui/ch-page-header.h"

struct _ChPageHeader
{
  GtkBox parent_instance;

  GtkLabel *title;       /* template child */
  GtkLabel *description; /* template child */
};

G_DEFINE_FINAL_TYPE (ChPageHeader, ch_page_header, GTK_TYPE_BOX)

enum
{
  PROP_TITLE = 1,
  PROP_DESCRIPTION,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
ch_page_header_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ChPageHeader *self = CH_PAGE_HEADER (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, gtk_label_get_label (self->title));
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, gtk_label_get_label (self->description));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_page_header_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ChPageHeader *self = CH_PAGE_HEADER (object);

  switch (id)
    {
    case PROP_TITLE:
      ch_page_header_set_title (self, g_value_get_string (value));
      break;
    case PROP_DESCRIPTION:
      ch_page_header_set_description (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_page_header_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_PAGE_HEADER);
  G_OBJECT_CLASS (ch_page_header_parent_class)->dispose (object);
}

static void
ch_page_header_class_init (ChPageHeaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ch_page_header_get_property;
  object_class->set_property = ch_page_header_set_property;
  object_class->dispose = ch_page_header_dispose;

  props[PROP_TITLE] = g_param_spec_string (
      "title", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_DESCRIPTION] = g_param_spec_string (
      "description", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-page-header"));
  gtk_widget_class_bind_template_child (widget_class, ChPageHeader, title);
  gtk_widget_class_bind_template_child (widget_class, ChPageHeader, description);
}

static void
ch_page_header_init (ChPageHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_page_header_new:
 * @title: what is to be done here
 * @description: (nullable): one sentence more
 *
 * Returns: (transfer floating): a page’s head
 */
GtkWidget *
ch_page_header_new (const char *title, const char *description)
{
  return g_object_new (CH_TYPE_PAGE_HEADER, "title", title, "description", description, NULL);
}

/**
 * ch_page_header_set_title:
 * @title: (nullable): the new title
 */
void
ch_page_header_set_title (ChPageHeader *self, const char *title)
{
  g_return_if_fail (CH_IS_PAGE_HEADER (self));

  gtk_label_set_label (self->title, title != NULL ? title : "");
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE]);
}

/**
 * ch_page_header_set_description:
 * @description: (nullable): the sentence below; the line goes when there is none
 */
void
ch_page_header_set_description (ChPageHeader *self, const char *description)
{
  g_return_if_fail (CH_IS_PAGE_HEADER (self));

  gtk_label_set_label (self->description, description != NULL ? description : "");
  gtk_widget_set_visible (GTK_WIDGET (self->description), description != NULL && *description != 0);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DESCRIPTION]);
}
