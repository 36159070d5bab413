#include "config.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "programs/certhall-try-module.h"

/* The loader names only the first library it misses; who installs them wants to know them all. */

#define MAX_NEEDED 256

/* A file mapped whole; every offset in it is held against its size */
typedef struct
{
  const char *data;
  size_t size;
} Image;

static const void *
at (const Image *image, size_t offset, size_t len)
{
  return offset <= image->size && len <= image->size - offset ? image->data + offset : NULL;
}

static const char *
find_name (const Image *image, const ElfW (Shdr) * strings, size_t offset)
{
  size_t begin = strings->sh_offset + offset;

  if (offset >= strings->sh_size || at (image, begin, 1) == NULL)
    return NULL;
  return memchr (image->data + begin, 0, image->size - begin) != NULL ? image->data + begin : NULL;
}

static void
try_section (const Image *image,
             const ElfW (Shdr) * section,
             const ElfW (Shdr) * strings,
             void (*tell) (const char *name))
{
  const ElfW (Dyn) *rows = at (image, section->sh_offset, section->sh_size);

  for (size_t i = 0; rows != NULL && i < section->sh_size / sizeof *rows && i < MAX_NEEDED; i++)
    {
      const char *name = rows[i].d_tag == DT_NEEDED ? find_name (image, strings, rows[i].d_un.d_val) : NULL;

      if (name != NULL && dlopen (name, RTLD_LAZY | RTLD_LOCAL) == NULL)
        tell (name);
    }
}

static void
try_image (const Image *image, void (*tell) (const char *name))
{
  const ElfW (Ehdr) *head = at (image, 0, sizeof *head);
  const ElfW (Shdr) *sections
      = head != NULL ? at (image, head->e_shoff, (size_t) head->e_shnum * sizeof *sections) : NULL;

  for (unsigned i = 0; sections != NULL && i < head->e_shnum; i++)
    if (sections[i].sh_type == SHT_DYNAMIC && sections[i].sh_link < head->e_shnum)
      try_section (image, &sections[i], &sections[sections[i].sh_link], tell);
}

void
try_libraries (const char *path, void (*tell) (const char *name))
{
  struct stat about;
  Image image = { 0 };
  void *data;
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return;
  if (fstat (fd, &about) == 0 && about.st_size > 0)
    {
      data = mmap (NULL, about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
      image = (Image){ data, about.st_size };
      if (data != MAP_FAILED)
        {
          try_image (&image, tell);
          munmap (data, about.st_size);
        }
    }
  close (fd);
}
