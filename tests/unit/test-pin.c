#include "config.h"

#include <string.h>

#include "base/ch-pin.h"

typedef struct
{
  const char *name;
  const char *pin;
  const char *again; /* NULL: the same */
  const char *old;   /* NULL: none is known */
  guint unmet;
} Case;

static const Case cases[] = {
  { "good", "648219", NULL, "111111", 0 },
  { "letters", "Li-4821", NULL, NULL, 0 },
  { "longest", "1234567890123457", NULL, NULL, 0 },
  { "short", "64821", NULL, NULL, CH_PIN_RULE_LENGTH },
  { "long", "64821964821964821", NULL, NULL, CH_PIN_RULE_LENGTH },
  { "blank", "648 219", NULL, NULL, CH_PIN_RULE_CHARACTERS },
  { "chinese", "密码648219", NULL, NULL, CH_PIN_RULE_CHARACTERS },
  { "handed-out", "111111", NULL, NULL, CH_PIN_RULE_GUESSED },
  { "up", "123456", NULL, NULL, CH_PIN_RULE_GUESSED },
  { "down", "987654", NULL, NULL, CH_PIN_RULE_GUESSED },
  { "two-kinds", "118811", NULL, NULL, CH_PIN_RULE_GUESSED },
  { "repeated", "abcabc", NULL, NULL, CH_PIN_RULE_GUESSED },
  { "keys-in-a-row", "Qwerty12", NULL, NULL, CH_PIN_RULE_GUESSED },
  { "old", "648219", NULL, "648219", CH_PIN_RULE_OTHER },
  { "mistyped", "648219", "648218", NULL, CH_PIN_RULE_EQUAL },
  { "everything", "1 ", "2", "1 ",
    CH_PIN_RULE_LENGTH | CH_PIN_RULE_CHARACTERS | CH_PIN_RULE_GUESSED | CH_PIN_RULE_OTHER
        | CH_PIN_RULE_EQUAL },
};

static ChSecret *
make (const char *text)
{
  return text != NULL ? ch_secret_new (text, strlen (text)) : NULL;
}

static void
test_case (gconstpointer data)
{
  const Case *each = data;
  g_autoptr (ChSecret) pin = make (each->pin);
  g_autoptr (ChSecret) again = make (each->again != NULL ? each->again : each->pin);
  g_autoptr (ChSecret) old = make (each->old);

  g_assert_cmpuint (ch_pin_find_unmet (pin, again, old, CH_PIN_MIN, CH_PIN_MAX), ==, each->unmet);
}

/* Nothing is ticked off before something is typed */
static void
test_nothing (void)
{
  g_autoptr (ChSecret) empty = make ("");

  g_assert_cmpuint (ch_pin_find_unmet (empty, empty, NULL, 0, 16), ==, (1 << CH_N_PIN_RULES) - 1);
  g_assert_cmpuint (ch_pin_find_unmet (NULL, NULL, NULL, 0, 16), ==, (1 << CH_N_PIN_RULES) - 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/pin/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/pin/nothing", test_nothing);
  return g_test_run ();
}
