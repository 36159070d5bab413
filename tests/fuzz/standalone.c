/* Runs a libFuzzer target as an ordinary test, where there is no libFuzzer:
 *
 *   fuzz-NAME RUNS CORPUS_DIR [FILE…]
 *
 * first each file of the corpus as it is, then RUNS inputs made of them by the same mutations in the same
 * order every time. What brings the target down is kept beside the program as fuzz-NAME.crash; `fuzz-NAME 0
 * CORPUS_DIR FILE` runs it again. */

#include <dirent.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

#define MAX_SIZE      65536
#define MAX_SEEDS     512
#define MAX_MUTATIONS 6

typedef struct
{
  uint8_t *data; /* (owned) */
  size_t size;
} Input;

void __sanitizer_set_death_callback (void (*callback) (void)) __attribute__ ((weak));

/* What parsers stumble over: limits of numbers and lengths, brackets, escapes, ASN.1 tags */
static const struct
{
  const char *data;
  size_t size;
} tokens[] = {
#define TOKEN(text)                                                                                          \
  {                                                                                                          \
    text, sizeof (text) - 1                                                                                  \
  }
  TOKEN ("\0"),
  TOKEN ("\xff\xff\xff\xff"),
  TOKEN ("\x80"),
  TOKEN ("\x7f\xff\xff\xff"),
  TOKEN ("{"),
  TOKEN ("}"),
  TOKEN ("["),
  TOKEN ("]"),
  TOKEN ("\""),
  TOKEN ("\\u0000"),
  TOKEN ("\\ud800"),
  TOKEN ("-0"),
  TOKEN ("1e400"),
  TOKEN ("0x10"),
  TOKEN ("null"),
  TOKEN ("true"),
  TOKEN (":"),
  TOKEN (","),
  TOKEN ("\xc0\x80"),
  TOKEN ("\xed\xa0\x80"),
  TOKEN ("\x30\x84"),
  TOKEN ("\x30\x80\x00\x00"),
  TOKEN ("\x02\x01"),
  TOKEN ("\x04\x82\xff\xff"),
  TOKEN ("\x06\x00"),
  TOKEN ("-----BEGIN "),
  TOKEN ("-----END "),
  TOKEN ("\r\n"),
  TOKEN ("9223372036854775808"),
#undef TOKEN
};

static Input seeds[MAX_SEEDS];
static size_t n_seeds;
static uint8_t current[MAX_SIZE];
static size_t current_size;
static char crash_path[4096];
static uint64_t random_state = 0x9e3779b97f4a7c15u;

/* xorshift64*: the same numbers on every machine */
static uint32_t
pick (uint32_t n)
{
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return n == 0 ? 0 : (uint32_t) ((random_state * 0x2545f4914f6cdd1du) >> 32) % n;
}

static void
keep_input (void)
{
  FILE *file = fopen (crash_path, "wb");

  if (file != NULL)
    {
      fwrite (current, 1, current_size, file);
      fclose (file);
      fprintf (stderr, "the input is kept in %s\n", crash_path);
    }
}

static void
on_abort (int number)
{
  keep_input ();
  signal (number, SIG_DFL);
  raise (number);
}

static void
run_current (void)
{
  /* A copy of exactly this size, so that a read past the end is seen */
  uint8_t *copy = malloc (current_size > 0 ? current_size : 1);

  memcpy (copy, current, current_size);
  LLVMFuzzerTestOneInput (copy, current_size);
  free (copy);
}

static void
add_seed (const char *path)
{
  FILE *file = fopen (path, "rb");

  if (file == NULL || n_seeds == MAX_SEEDS)
    {
      fprintf (stderr, "%s: cannot be read, or too many seeds\n", path);
      exit (1);
    }
  seeds[n_seeds].data = malloc (MAX_SIZE);
  seeds[n_seeds].size = fread (seeds[n_seeds].data, 1, MAX_SIZE, file);
  n_seeds++;
  fclose (file);
}

static void
add_corpus (const char *dir)
{
  struct dirent **names = NULL;
  int n = scandir (dir, &names, NULL, alphasort);

  for (int i = 0; i < n; i++)
    {
      char path[4096];

      snprintf (path, sizeof path, "%s/%s", dir, names[i]->d_name);
      if (names[i]->d_name[0] != '.')
        add_seed (path);
      free (names[i]);
    }
  free (names);
}

static void
take_seed (const Input *seed)
{
  memcpy (current, seed->data, seed->size);
  current_size = seed->size;
}

static void
insert (size_t at, const void *data, size_t size)
{
  if (current_size + size > MAX_SIZE)
    return;

  memmove (current + at + size, current + at, current_size - at);
  memcpy (current + at, data, size);
  current_size += size;
}

static void
mutate (void)
{
  size_t at = pick (current_size);
  size_t room = current_size - at;
  size_t length = room == 0 ? 0 : 1 + pick (room < 32 ? room : 32);
  size_t token = pick (sizeof tokens / sizeof tokens[0]);
  const Input *other = &seeds[pick (n_seeds)];
  uint8_t part[32];

  switch (current_size == 0 ? 4 : pick (8))
    {
    case 0:
      current[at] ^= (uint8_t) (1u << pick (8));
      break;
    case 1:
      current[at] = (uint8_t) pick (256);
      break;
    case 2:
      memmove (current + at, current + at + length, room - length);
      current_size -= length;
      break;
    case 3:
      memcpy (part, current + at, length);
      insert (pick (current_size), part, length);
      break;
    case 4:
      insert (at, tokens[token].data, tokens[token].size);
      break;
    case 5:
      if (tokens[token].size <= room)
        memcpy (current + at, tokens[token].data, tokens[token].size);
      break;
    case 6:
      current_size = at;
      break;
    default:
      if (other->size > 0)
        {
          size_t from = pick (other->size);
          size_t n = 1 + pick (other->size - from);

          insert (at, other->data + from, n);
        }
      break;
    }
}

int
main (int argc, char **argv)
{
  long runs = argc > 2 ? strtol (argv[1], NULL, 10) : 0;

  if (argc < 3)
    return 64;

  snprintf (crash_path, sizeof crash_path, "%s.crash", argv[0]);
  signal (SIGABRT, on_abort);
  if (__sanitizer_set_death_callback != NULL)
    __sanitizer_set_death_callback (keep_input);

  if (argc == 3)
    add_corpus (argv[2]);
  for (int i = 3; i < argc; i++)
    add_seed (argv[i]);
  if (n_seeds == 0)
    {
      printf ("1..1\nnot ok 1 seeds # none in %s\n", argv[2]);
      return 1;
    }

  printf ("1..2\n");
  for (size_t i = 0; i < n_seeds; i++)
    {
      take_seed (&seeds[i]);
      run_current ();
    }
  printf ("ok 1 seeds\n# %zu files\n", n_seeds);

  for (long i = 0; i < runs; i++)
    {
      take_seed (&seeds[pick (n_seeds)]);
      for (uint32_t n = 1 + pick (MAX_MUTATIONS); n > 0; n--)
        mutate ();
      run_current ();
    }
  printf ("ok 2 mutated\n# %ld runs\n", runs);

  for (size_t i = 0; i < n_seeds; i++)
    free (seeds[i].data);
  return 0;
}
