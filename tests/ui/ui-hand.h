#pragma once

#include <adwaita.h>

/* What a hand does at a window of the same process */
typedef gboolean (*UiMatch) (GtkWidget *widget, gconstpointer data);

void ui_begin (void);
GtkWidget *ui_find (GtkWidget *root, UiMatch match, gconstpointer data);
GtkWidget *ui_find_type (GtkWidget *root, GType type);
GtkWidget *ui_find_row (GtkWidget *root, const char *title);
GtkWidget *ui_find_button (GtkWidget *root, const char *label);
guint ui_count_type (GtkWidget *root, GType type);
void ui_type (GtkWidget *root, const char *title, const char *text);
void ui_type_secret (GtkWidget *root, const char *title, const char *text);
void ui_press (GtkWidget *root, const char *label);
