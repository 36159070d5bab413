#include "config.h"

#include "wire/ch-facts.h"

static const struct
{
  ChFact fact;
  const char *id;
  ChKeeper keeper;
} facts_table[] = {
#define F(code, id, keeper, bit) { CH_FACT_##code, id, CH_KEEPER_##keeper },
  CH_FACTS (F)
#undef F
};

/**
 * ch_fact_get_id:
 * @fact: one fact
 *
 * Returns: (transfer none): its id
 */
const char *
ch_fact_get_id (ChFact fact)
{
  for (gsize i = 0; i < G_N_ELEMENTS (facts_table); i++)
    if (facts_table[i].fact == fact)
      return facts_table[i].id;

  g_return_val_if_reached ("");
}

/**
 * ch_facts_of:
 * @keeper: who keeps them
 *
 * Returns: all facts that @keeper keeps
 */
ChFact
ch_facts_of (ChKeeper keeper)
{
  ChFact facts = CH_FACT_NONE;

  for (gsize i = 0; i < G_N_ELEMENTS (facts_table); i++)
    if (facts_table[i].keeper == keeper)
      facts |= facts_table[i].fact;
  return facts;
}

/**
 * ch_facts_parse:
 * @ids: (nullable): ids from the server; unknown ones are passed over
 */
ChFact
ch_facts_parse (const char *const *ids)
{
  ChFact facts = CH_FACT_NONE;

  for (gsize n = 0; ids != NULL && ids[n] != NULL; n++)
    for (gsize i = 0; i < G_N_ELEMENTS (facts_table); i++)
      if (g_str_equal (facts_table[i].id, ids[n]))
        facts |= facts_table[i].fact;
  return facts;
}

/**
 * ch_facts_format:
 *
 * Returns: (transfer full): the ids of @facts
 */
GStrv
ch_facts_format (ChFact facts)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (facts_table); i++)
    if ((facts & facts_table[i].fact) != 0)
      g_strv_builder_add (builder, facts_table[i].id);
  return g_strv_builder_end (builder);
}
