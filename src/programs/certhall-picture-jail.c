#include "config.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "programs/certhall-picture.h"

/* Enough for 40 megapixels decoded, turned and shrunk */
#define MAX_MEMORY (1200u * 1024 * 1024)
#define MAX_OUTPUT (256u * 1024 * 1024)

#if defined(__SANITIZE_ADDRESS__)
#define HAS_SHADOW 1 /* AddressSanitizer reserves terabytes */
#else
#define HAS_SHADOW 0
#endif

#define DENY(call)                                                                                           \
  BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1),                                                    \
      BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA))

static void
limit (int what, rlim_t most)
{
  setrlimit (what, &(struct rlimit){ most, most });
}

/* No network, no other program, no second process: what takes this one over gets no further */
static void
filter_calls (void)
{
  struct sock_filter rows[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    DENY (socket),
    DENY (socketpair),
    DENY (connect),
    DENY (bind),
    DENY (execve),
    DENY (execveat),
    DENY (kill),
    DENY (io_uring_setup),
    DENY (process_vm_readv),
    DENY (process_vm_writev),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { G_N_ELEMENTS (rows), rows };

  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  /* Where the kernel has none of it, limits and the time remain */
  prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

/* Before anything of the picture is read */
void
picture_lock_up (guint seconds)
{
  limit (RLIMIT_CORE, 0);
  limit (RLIMIT_CPU, seconds);
  limit (RLIMIT_FSIZE, MAX_OUTPUT);
  limit (RLIMIT_NOFILE, 64);
  if (!HAS_SHADOW)
    limit (RLIMIT_AS, MAX_MEMORY);
  alarm (seconds);
  filter_calls ();
}
