#pragma once

#include "front/ch-property.h"
#include "front/ch-tone.h"
#include "ports/ch-ports.h"
#include "wire/ch-facts.h"
#include "wire/messages-application.h"
#include "wire/messages-delivery.h"
#include "wire/messages-invoice.h"
#include "wire/messages-order.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* Where an application stands, whose turn it is first.
 *   code        id             tone  what people read         what they do next (NULL: nothing) */
/* clang-format off */
#define CH_APPLICATION_STANDINGS(S) \
  S (REFUSED,    "refused",     BAD,  N_("Refused"),           N_("See why")) \
  S (TO_PAY,     "to-pay",      INFO, N_("To be paid"),        N_("Pay")) \
  S (TO_INSTALL, "to-install",  INFO, N_("To be installed"),   N_("Install")) \
  S (IN_REVIEW,  "in-review",   IDLE, N_("In review"),         N_("View")) \
  S (BEING_MADE, "being-made",  IDLE, N_("Being made"),        N_("View")) \
  S (DRAFT,      "draft",       IDLE, N_("Not submitted"),     N_("Continue")) \
  S (DONE,       "done",        OK,   N_("Done"),              NULL) \
  S (WITHDRAWN,  "withdrawn",   IDLE, N_("Withdrawn"),         NULL)
/* clang-format on */

typedef enum
{
#define S(code, id, tone, title, deed) CH_STANDING_##code,
  CH_APPLICATION_STANDINGS (S)
#undef S
      CH_N_STANDINGS
} ChStanding;

const char *ch_standing_get_id (ChStanding standing);
const char *ch_standing_get_title (ChStanding standing);
const char *ch_standing_get_deed (ChStanding standing);
ChTone ch_standing_get_tone (ChStanding standing);

/* One stage of an application on its way */
typedef struct
{
  const char *title; /* untranslated */
  ChTone tone;
  char *word; /* when, how much, or how far */
} ChStage;

void ch_stage_free (ChStage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChStage, ch_stage_free)

/* An application as people see it */
#define CH_TYPE_APPLICATION_ITEM (ch_application_item_get_type ())
G_DECLARE_FINAL_TYPE (ChApplicationItem, ch_application_item, CH, APPLICATION_ITEM, GObject)

ChApplicationItem *ch_application_item_new (const ChApplication *application);
void ch_application_item_update (ChApplicationItem *self, const ChApplication *application);
void ch_application_item_set_profile (ChApplicationItem *self, const ChProfile *profile);
void ch_application_item_take_order (ChApplicationItem *self, ChOrder *order);

const char *ch_application_item_get_id (ChApplicationItem *self);
const ChApplication *ch_application_item_get_application (ChApplicationItem *self);
const ChOrder *ch_application_item_get_order (ChApplicationItem *self);
void ch_application_item_take_invoice (ChApplicationItem *self, ChInvoice *invoice);
const ChInvoice *ch_application_item_get_invoice (ChApplicationItem *self);
void ch_application_item_take_delivery (ChApplicationItem *self, ChDelivery *delivery);
const ChDelivery *ch_application_item_get_delivery (ChApplicationItem *self);
const ChAxes *ch_application_item_get_axes (ChApplicationItem *self);
gboolean ch_application_item_has_details (ChApplicationItem *self);
const char *ch_application_item_get_title (ChApplicationItem *self);
ChFact ch_application_item_get_facts (ChApplicationItem *self);
ChStanding ch_application_item_get_standing (ChApplicationItem *self);
const char *ch_application_item_get_superseded (ChApplicationItem *self);
ChToken *ch_application_item_find_retiring (ChApplicationItem *self, ChPorts *ports);
char *ch_application_item_format_what (ChApplicationItem *self);
char *ch_application_item_format_when (ChApplicationItem *self);
GPtrArray *ch_application_item_list_stages (ChApplicationItem *self);
GPtrArray *ch_application_item_list_properties (ChApplicationItem *self);
GPtrArray *ch_application_item_list_reasons (ChApplicationItem *self);
int ch_application_item_compare (ChApplicationItem *a, ChApplicationItem *b);

G_END_DECLS
