#pragma once

/* clang-format off */
#define CH_FINDINGS_SOFT(F) \
  F (SOFT_UNREADABLE,   411, "soft-tokens",  FAILED,  FILE,          OPEN_PLACE,         NULL, \
     N_("A software token cannot be read"), N_("The certificate in it cannot be used on this PC."), \
     N_("The file belongs to another account, or its permissions were changed, after copying for example."), \
     N_("Make the file named in the details readable for you, or restore the token from a back-up.")) \
  F (SOFT_OPEN,         412, "soft-tokens",  WARNING, FILE,          OPEN_PLACE,         NULL, \
     N_("Others can read a software token"), N_("It is encrypted, but whoever takes the file can try passphrases at leisure."), \
     N_("Permissions were changed, after copying or unpacking for example."), \
     N_("Let nobody but you read the file or folder named in the details.")) \
  F (SOFT_DAMAGED,      413, "soft-tokens",  FAILED,  TOKEN_BROKEN,  OPEN_PLACE,         NULL, \
     N_("A software token is damaged"), N_("The certificate in it cannot be used."), \
     N_("The disk was full or failed, or the file was edited."), \
     N_("Restore it from a back-up, or apply for a replacement."))

#define CH_FINDINGS_PC(F) \
  F (MEMORY_LOW,        511, "memory",       WARNING, INTERNAL,      NONE,               NULL, \
     N_("Little memory is left"), N_("Programs become slow, or are ended by the system."), \
     N_("Many programs or pages of a browser are open."), \
     N_("Close what you do not need.")) \
  F (DISK_FULL,         521, "disk",         FAILED,  NO_SPACE,      OPEN_PLACE,         NULL, \
     N_("The disk is full"), N_("Documents, drafts and software tokens cannot be kept on this PC."), \
     N_("The disk, or what you may use of it, is used up."), \
     N_("Free some space on the disk, then check again.")) \
  F (DISK_LOW,          522, "disk",         WARNING, NO_SPACE,      OPEN_PLACE,         NULL, \
     N_("Little space is left"), N_("Documents and drafts may not fit any more."), \
     N_("The disk, or what you may use of it, is nearly used up."), \
     N_("Free some space on the disk soon.")) \
  F (PLACE_UNWRITABLE,  523, "places",       FAILED,  FILE,          OPEN_PLACE,         NULL, \
     N_("Nothing can be written to a folder of the program"), N_("What belongs there cannot be kept on this PC: software tokens, drafts or settings."), \
     N_("The folder belongs to another account, or lies on a disk that is read only."), \
     N_("Make the folder named in the details writable for you, or ask who looks after this PC.")) \
  F (PROGRAM_OLD,       531, "program",      FAILED,  PROGRAM_OLD,   COPY_COMMAND,       "sudo apt install --only-upgrade certhall", \
     N_("The program is too old for this CA"), N_("The server does not accept this version any more."), \
     N_("The program was not updated for a long time."), \
     N_("Have the newest version installed; nothing that is kept on this PC is lost.")) \
  F (LOCALE_MISSING,    541, "locale",       WARNING, INTERNAL,      NONE,               NULL, \
     N_("The chosen language is not installed"), N_("Texts appear in English, and names in Chinese may be shown wrong by other programs."), \
     N_("LANG or LC_ALL names a language that this system does not have."), \
     N_("Choose the language again in the system’s settings, or have it installed.")) \
  F (LOCALE_NARROW,     542, "locale",       WARNING, INTERNAL,      NONE,               NULL, \
     N_("The chosen language has no Chinese characters"), N_("File names with Chinese characters may be shown wrong."), \
     N_("The language is set without UTF-8, as it is by old systems or from afar."), \
     N_("Choose a language with UTF-8 in the system’s settings.")) \
  F (FONT_MISSING,      551, "font",         FAILED,  FONT_MISSING,  COPY_COMMAND,       "sudo apt install fonts-noto-cjk", \
     N_("None is installed"), N_("Chinese texts appear as empty boxes."), \
     N_("The system was installed without Chinese."), \
     N_("Install a Chinese font, on Debian the package fonts-noto-cjk, then start the program again.")) \
  F (INPUT_MISSING,     561, "input",        WARNING, INTERNAL,      COPY_COMMAND,       "sudo apt install ibus-libpinyin", \
     N_("No way to type Chinese was found"), N_("Names and addresses in Chinese cannot be typed, only pasted."), \
     N_("No input method is installed, or it was not started."), \
     N_("Have an input method installed, on Debian the package ibus-libpinyin, then log out of this PC and in again.")) \
  F (CLOCK_OFF,         571, "clock",        WARNING, TIMED_OUT,     NONE,               NULL, \
     N_("The clock is some minutes or hours wrong"), N_("The program goes by the server’s time and goes on. Other programs may show wrong times."), \
     N_("The clock is not set from the network, or the time zone was wrong when it was set."), \
     N_("Set the time of this PC, best automatically from the network.")) \
  F (CLOCK_FAR,         572, "clock",        WARNING, SERVER_IDENTITY, NONE,             NULL, \
     N_("The date is wrong by days or years"), N_("Certificates seem to have ended or not to have begun, and other programs refuse connections."), \
     N_("The battery of the clock is empty: then the date starts anew whenever this PC was without power."), \
     N_("Set date and time of this PC. If the date is wrong again tomorrow, have the battery of the clock replaced.")) \
  F (CLOCK_IMPOSSIBLE,  573, "clock",        WARNING, SERVER_IDENTITY, NONE,             NULL, \
     N_("The date lies before things that are there already"), N_("Certificates seem not to have begun, and other programs refuse connections."), \
     N_("The battery of the clock is empty, or the date was set wrong by hand."), \
     N_("Set date and time of this PC, then check again with network.")) \
  F (ZONE_UNKNOWN,      581, "zone",         WARNING, INTERNAL,      NONE,               NULL, \
     N_("The time zone is not known to this system"), N_("Times are shown as in Greenwich: eight hours earlier than in China."), \
     N_("The setting TZ has a mistake, or the list of time zones is not installed."), \
     N_("Choose the time zone again in the system’s settings."))

/* Of any check: it was given up. The first of all findings. */
#define CH_FINDINGS_RUN(F) \
  F (CHECK_HANGS,       911, "",             FAILED,  TIMED_OUT,     NONE,               NULL, \
     N_("No result within a reasonable time"), N_("Whether this is in order is not known."), \
     N_("This PC is very busy, or a part of the system does not answer."), \
     N_("Check again. If it stays like this, restart this PC."))
/* clang-format on */
