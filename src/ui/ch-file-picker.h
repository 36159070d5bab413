#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

void ch_file_picker_open_async (GtkWidget *widget,
                                const char *title,
                                const char *const *formats,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GListModel *ch_file_picker_open_finish (GtkWidget *widget, GAsyncResult *result, GError **error);
void ch_file_picker_save_async (GtkWidget *widget,
                                const char *title,
                                const char *name,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
void ch_file_picker_folder_async (GtkWidget *widget,
                                  const char *title,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GFile *ch_file_picker_save_finish (GtkWidget *widget, GAsyncResult *result, GError **error);

G_END_DECLS
