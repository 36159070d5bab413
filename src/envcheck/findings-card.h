#pragma once

/* clang-format off */
#define CH_MEANS_NO_KEY N_("The program sees no USB key: logging in, renewing and installing with one do not work.")
#define CH_MEANS_NO_DRIVER N_("The program cannot read USB keys that need this driver.")

/*   code  number  check  state  error  offer  command, or NULL
 *   title  what it means  what it comes from  what to do */
#define CH_FINDINGS_CARD(F) \
  F (CARD_ABSENT,       111, "card-service", FAILED,  CARD_SERVICE,  COPY_COMMAND,       "sudo apt install pcscd", \
     N_("Not installed"), CH_MEANS_NO_KEY, \
     N_("The package of the smart-card service is not installed, or was removed."), \
     N_("Have the smart-card service installed, on Debian the package pcscd.")) \
  F (CARD_STOPPED,      112, "card-service", FAILED,  CARD_SERVICE,  START_CARD_SERVICE, "sudo systemctl start pcscd.socket", \
     N_("Not running"), CH_MEANS_NO_KEY, \
     N_("The service was stopped, has crashed, or was not started when this PC was switched on."), \
     N_("Start the smart-card service; this asks for the password of an administrator. Restarting this PC usually helps too.")) \
  F (CARD_REFUSED,      113, "card-service", FAILED,  CARD_SERVICE,  NONE,               NULL, \
     N_("No permission to use it"), CH_MEANS_NO_KEY, \
     N_("The system lets only who sits at this PC use its smart cards, or keeps its socket for other accounts."), \
     N_("Log in at this PC itself, not from afar, or ask who looks after it to allow you the smart-card service.")) \
  F (CARD_SANDBOX,      114, "card-service", FAILED,  CARD_SERVICE,  COPY_COMMAND,       "flatpak override --user --socket=pcsc org.certhall.Certhall", \
     N_("Not reachable from the sandbox"), CH_MEANS_NO_KEY, \
     N_("The program runs as a Flatpak that was not given the permission for smart cards, or the service of this PC is stopped."), \
     N_("Allow the program access to smart cards, see that the smart-card service of this PC runs, and start the program again.")) \
  F (CARD_HANGS,        115, "card-service", FAILED,  TIMED_OUT,     COPY_COMMAND,       "sudo systemctl restart pcscd.service", \
     N_("Does not answer"), CH_MEANS_NO_KEY, \
     N_("The service hangs, mostly in the driver of a reader."), \
     N_("Unplug all keys and readers and plug them in again. If it stays like this, have the service restarted.")) \
  F (CARD_BROKEN,       116, "card-service", FAILED,  CARD_SERVICE,  NONE,               NULL, \
     N_("Does not work"), CH_MEANS_NO_KEY, \
     N_("The service answers with an error, or is of another version than the system’s library for it."), \
     N_("Restart this PC. If it stays like this, ask the CA’s hotline; the details below help.")) \
  F (NO_READER,         121, "readers",      WARNING, TOKEN_GONE,    NONE,               NULL, \
     N_("None is plugged in"), CH_MEANS_NO_KEY, \
     N_("Nothing is plugged in, the socket or the hub gives no current, or the key needs a driver of its own."), \
     N_("Plug in the USB key. If it is plugged in, try another socket, without a hub in between.")) \
  F (READERS_UNREADABLE,122, "readers",      WARNING, CARD_SERVICE,  NONE,               NULL, \
     N_("The readers cannot be listed"), CH_MEANS_NO_KEY, \
     N_("The smart-card service stopped while it was asked."), \
     N_("Check again. If it stays like this, restart this PC.")) \
  F (USB_NO_DRIVER,     131, "usb",          WARNING, CARD_SERVICE,  COPY_COMMAND,       "sudo apt install libccid", \
     N_("A key or reader is plugged in that has no driver"), CH_MEANS_NO_KEY, \
     N_("The system’s driver for smart-card readers is not installed, or does not know this device."), \
     N_("Have the driver installed, on Debian the package libccid, then unplug the device and plug it in again.")) \
  F (NO_CARD,           141, "card",         WARNING, TOKEN_GONE,    NONE,               NULL, \
     N_("No card is inserted"), N_("There is a reader and nothing in it that could be read."), \
     N_("The card is not inserted, or the wrong way round."), \
     N_("Insert the card or plug in the key, the chip first.")) \
  F (CARD_UNKNOWN,      142, "token",        WARNING, DRIVER_BROKEN, NONE,               NULL, \
     N_("A kind of card no driver here knows"), CH_MEANS_NO_KEY, \
     N_("The driver of its maker is not installed, or it is a card for something else, a bank card for example."), \
     N_("Install the driver that came with the USB key, or ask the CA’s hotline for it.")) \
  F (CARD_MUTE,         143, "card",         FAILED,  TOKEN_GONE,    NONE,               NULL, \
     N_("The card does not answer"), CH_MEANS_NO_KEY, \
     N_("Its contacts are dirty, it is inserted the wrong way round, or it is broken."), \
     N_("Take it out, wipe the contacts with a dry cloth and insert it again. If another PC does not read it either, apply for a replacement."))

#define CH_FINDINGS_MODULE(F) \
  F (NO_MODULES,        211, "drivers",      FAILED,  DRIVER_BROKEN, COPY_COMMAND,       "sudo apt install opensc-pkcs11", \
     N_("None is installed"), N_("The program cannot read USB keys."), \
     N_("Neither the driver of the key’s maker nor the general one is installed, or none is registered with p11-kit."), \
     N_("Install the driver that came with the USB key. For keys without one of their own there is the package opensc-pkcs11.")) \
  F (MODULES_UNREADABLE,212, "drivers",      WARNING, FILE,          OPEN_PLACE,         NULL, \
     N_("A setting for drivers cannot be read"), CH_MEANS_NO_DRIVER, \
     N_("Its file lacks permissions, or has no line that says which library it is about."), \
     N_("Have the file named in the details mended, or install the driver again.")) \
  F (MODULE_MISSING,    221, "module",       FAILED,  DRIVER_BROKEN, OPEN_PLACE,         NULL, \
     N_("The file of the driver is missing"), CH_MEANS_NO_DRIVER, \
     N_("The driver was removed and its settings were left, or they name another folder."), \
     N_("Install the driver again.")) \
  F (MODULE_NO_ACCESS,  222, "module",       FAILED,  DRIVER_BROKEN, NONE,               NULL, \
     N_("The file of the driver may not be read"), CH_MEANS_NO_DRIVER, \
     N_("It was installed for another account only."), \
     N_("Ask who looks after this PC to make the file readable for everybody.")) \
  F (MODULE_NO_LIBRARY, 223, "module",       FAILED,  DRIVER_BROKEN, NONE,               NULL, \
     N_("The file is not a driver"), CH_MEANS_NO_DRIVER, \
     N_("It was damaged when it was copied, or something else was installed in its place."), \
     N_("Fetch the driver once more from its maker or the CA, and install it again.")) \
  F (MODULE_OTHER_PC,   224, "module",       FAILED,  DRIVER_BROKEN, NONE,               NULL, \
     N_("A driver for another kind of PC"), CH_MEANS_NO_DRIVER, \
     N_("It is made for another processor, or has 32 instead of 64 bits."), \
     N_("Fetch the driver for the kind of processor the details name, and install it.")) \
  F (MODULE_NEEDS,      225, "module",       FAILED,  DRIVER_BROKEN, NONE,               NULL, \
     N_("The driver needs something that is not installed"), CH_MEANS_NO_DRIVER, \
     N_("Libraries the driver is built upon are missing on this system; the details name them."), \
     N_("Have the libraries named in the details installed, then check again.")) \
  F (MODULE_HANGS,      226, "module",       FAILED,  TIMED_OUT,     NONE,               NULL, \
     N_("The driver does not answer"), CH_MEANS_NO_DRIVER, \
     N_("It waits for a key, for a service of its own, or has an error."), \
     N_("Unplug the key and plug it in again. If it stays like this, install the newest version of the driver.")) \
  F (MODULE_CRASHES,    227, "module",       FAILED,  DRIVER_BROKEN, NONE,               NULL, \
     N_("The driver crashes"), CH_MEANS_NO_DRIVER, \
     N_("It has an error, or does not go with this version of the system."), \
     N_("Install the newest version of the driver; tell its maker what the details say. Other drivers are not disturbed.")) \
  F (MODULE_REFUSES,    228, "module",       FAILED,  DRIVER_BROKEN, NONE,               NULL, \
     N_("The driver does not start"), CH_MEANS_NO_DRIVER, \
     N_("It reports an error: mostly a service of its own does not run, or the file is no driver for keys at all."), \
     N_("Install the driver again and restart this PC; the details name the error.")) \
  F (PROBE_MISSING,     229, "module",       FAILED,  INTERNAL,      NONE,               NULL, \
     N_("The driver could not be tried"), CH_MEANS_NO_DRIVER, \
     N_("A part of this program is missing: it was not installed whole."), \
     N_("Install this program again."))

#define CH_FINDINGS_KEY(F) \
  F (TOKEN_NONE,        311, "token",        WARNING, TOKEN_GONE,    NONE,               NULL, \
     N_("No driver finds a key"), CH_MEANS_NO_KEY, \
     N_("No key is plugged in, or its own driver is missing."), \
     N_("Plug in the key. If it is plugged in, install the driver that came with it.")) \
  F (TOKEN_BLANK,       312, "token",        WARNING, TOKEN_UNABLE,  NONE,               NULL, \
     N_("The key is empty"), N_("It was never set up: there is no certificate on it."), \
     N_("The key is new, or everything on it was deleted."), \
     N_("Ask the CA’s hotline which key holds your certificate. An empty one is filled with an application.")) \
  F (PIN_LOCKED,        321, "pin",          FAILED,  PIN_LOCKED,    UNLOCK,             NULL, \
     N_("The PIN is locked"), N_("Nothing can be signed with this key until it is unlocked; the certificate itself is not harmed."), \
     N_("A wrong PIN was entered too often."), \
     N_("Unlock the PIN by an SMS code to the handler’s mobile.")) \
  F (PIN_LAST,          322, "pin",          WARNING, PIN_WRONG,     NONE,               NULL, \
     N_("Only the last try is left"), N_("One more wrong PIN locks the key."), \
     N_("A wrong PIN was entered several times."), \
     N_("Enter the PIN only if you are sure. Otherwise have it unlocked by an SMS code.")) \
  F (PIN_LOW,           323, "pin",          WARNING, PIN_WRONG,     NONE,               NULL, \
     N_("A wrong PIN was entered"), N_("Fewer tries than usual are left before the key locks; the right PIN brings them back."), \
     N_("Somebody mistyped the PIN, or took the one of another key."), \
     N_("Enter the right PIN the next time.")) \
  F (PIN_UNSET,         324, "pin",          WARNING, TOKEN_UNABLE,  NONE,               NULL, \
     N_("No PIN is set"), N_("Nothing can be signed with this key yet."), \
     N_("The key was prepared and not handed over."), \
     N_("Ask the CA’s hotline.")) \
  F (CERT_NONE,         331, "certificate",  WARNING, NOT_FOUND,     NONE,               NULL, \
     N_("No certificate is on the key"), N_("Nobody can log in or sign with this key yet."), \
     N_("It was not installed yet, was deleted, or is on another key."), \
     N_("Plug in the key with your certificate. If one was approved for this key, install it: it is among your applications.")) \
  F (CERT_DAMAGED,      332, "certificate",  FAILED,  CERTIFICATE_WRONG, NONE,           NULL, \
     N_("A certificate cannot be read"), N_("Nobody can log in or sign with it."), \
     N_("The key was pulled out while it was written, or its memory is damaged."), \
     N_("Ask the CA’s hotline for a download code, and install the certificate again.")) \
  F (CERT_NO_KEY,       333, "certificate",  FAILED,  KEY_MISSING,   NONE,               NULL, \
     N_("A certificate without its key"), N_("Nothing can be signed with it."), \
     N_("The private key was deleted, or the certificate was copied here from another key."), \
     N_("Plug in the key on which it was made. If that is lost, apply for a replacement.")) \
  F (CERT_OTHER_KEY,    334, "certificate",  FAILED,  CERTIFICATE_WRONG, NONE,           NULL, \
     N_("A certificate that belongs to another key"), N_("Signatures with it would be refused everywhere."), \
     N_("It was written to the wrong key."), \
     N_("Ask the CA’s hotline for a download code, and install the right certificate.")) \
  F (CERT_EXPIRED,      341, "dates",        FAILED,  CERTIFICATE_EXPIRED, RENEW,        NULL, \
     N_("A certificate has ended"), N_("Nobody accepts it any more for logging in and signing."), \
     N_("It was not renewed in time."), \
     N_("Renew it, or apply for a new one if that is not possible any more.")) \
  F (CERT_ENDS_SOON,    342, "dates",        WARNING, CERTIFICATE_EXPIRED, RENEW,        NULL, \
     N_("A certificate ends soon"), N_("Everything works until then."), \
     N_("Certificates are good for a year or a few."), \
     N_("Renew it in time; the new one follows on the old one, nothing is lost.")) \
  F (CERT_FUTURE,       343, "dates",        WARNING, CERTIFICATE_EXPIRED, NONE,         NULL, \
     N_("A certificate begins later than now"), N_("It counts for nothing until then."), \
     N_("Mostly the clock of this PC is behind."), \
     N_("Set date and time of this PC."))
/* clang-format on */
