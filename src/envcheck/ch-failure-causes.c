#include "config.h"

#include "envcheck/ch-failure.h"

/* What an error mostly comes from, beside what the environment check may find */
/* clang-format off */
static const char *const causes[CH_N_ERRORS] = {
  [CH_ERROR_CANCELLED] = N_("Somebody pressed Cancel, or closed the window."),
  [CH_ERROR_INVALID_INPUT] = N_("A field is empty, too long, or does not look as such a value does."),
  [CH_ERROR_BAD_ANSWER] = N_("Something between this PC and the CA changes the answers, or program and server are of very different versions."),
  [CH_ERROR_SERVER_UNREACHABLE] = N_("This PC is not connected to the network, or a firewall or proxy lets nothing through."),
  [CH_ERROR_TIMED_OUT] = N_("The network is slow, or the server has much to do."),
  [CH_ERROR_SERVER_IDENTITY] = N_("A security program or the network reads along, or the address is wrong."),
  [CH_ERROR_INTERNAL] = N_("The program met something it was not prepared for."),
  [CH_ERROR_BUSY] = N_("Many people use the CA at this moment."),
  [CH_ERROR_TOO_OFTEN] = N_("The same was tried many times in a short while; the CA lets nobody guess."),
  [CH_ERROR_TOO_LARGE] = N_("A picture or file is larger than the CA accepts."),
  [CH_ERROR_NOT_FOUND] = N_("It was deleted, or you are logged in with another account."),
  [CH_ERROR_CONFLICT] = N_("The same application is open in another window or on another PC."),
  [CH_ERROR_KEY_REUSED] = N_("The program was restored from a back-up in the middle of a business."),
  [CH_ERROR_NO_SPACE] = N_("The disk, or what you may use of it, is used up."),
  [CH_ERROR_FILE] = N_("The file is gone, is open in another program, or you may not read or write it."),
  [CH_ERROR_RESTING] = N_("A step waits for a document, a payment or an answer."),
  [CH_ERROR_USAGE] = N_("A word of the command is missing or has a mistake."),

  [CH_ERROR_NOT_LOGGED_IN] = N_("You were not active for a while, or have logged out in another window."),
  [CH_ERROR_LOGIN_WRONG] = N_("A letter is mistyped, Caps Lock is on, or it is the password of another account."),
  [CH_ERROR_FORBIDDEN] = N_("The account you are logged in with has other rights."),
  [CH_ERROR_ACCOUNT_EXISTS] = N_("You or a colleague registered before with this name or mobile."),
  [CH_ERROR_CODE_WRONG] = N_("A digit is mistyped, or a newer code was sent meanwhile."),
  [CH_ERROR_WORK_WRONG] = N_("The request was under way too long."),
  [CH_ERROR_CONSENT_MISSING] = N_("An agreement was changed by the CA and has to be accepted anew, or was passed over."),
  [CH_ERROR_CERTIFICATE_REFUSED] = N_("The key in the PC holds an old certificate, or one of another CA."),
  [CH_ERROR_NONCE_SPENT] = N_("The PIN was entered more than two minutes after it was asked for."),
  [CH_ERROR_PICTURE_NEEDED] = N_("A wrong password was entered before with this name."),
  [CH_ERROR_PICTURE_WRONG] = N_("A character was misread; each picture counts once."),
  [CH_ERROR_PASSWORD_EXPIRED] = N_("The CA gave you a first password that serves once."),
  [CH_ERROR_PASSWORD_WRONG] = N_("A letter is mistyped, or Caps Lock is on."),
  [CH_ERROR_CLOSING_REFUSED] = N_("An application is open, or money has still to be paid back."),

  [CH_ERROR_NOT_PAID] = N_("The payment service tells of payments with a delay, or another code was paid."),
  [CH_ERROR_NOT_SUBMITTED] = N_("The application is still being filled in."),
  [CH_ERROR_NOT_APPROVED] = N_("The staff of the CA has not looked at it yet."),
  [CH_ERROR_REFUSED] = N_("The staff of the CA found something in it that does not fit."),
  [CH_ERROR_WRONG_STATE] = N_("The application went on meanwhile, on another PC or at the CA."),
  [CH_ERROR_NOT_OFFERED] = N_("The CA does not do this business on its own pages, or not for this kind of certificate."),
  [CH_ERROR_DOCUMENT_TYPE] = N_("A file was renamed, or saved in a form the CA does not take."),
  [CH_ERROR_DOCUMENT_BROKEN] = N_("The connection was cut during the upload, or the file was changed meanwhile."),
  [CH_ERROR_DOCUMENTS_FULL] = N_("Many large documents are kept with your applications."),
  [CH_ERROR_CSR_REFUSED] = N_("The kind or size of the key is not accepted by this CA."),
  [CH_ERROR_KEY_KNOWN] = N_("A certificate was issued on this key earlier, perhaps from a copy of the software token."),
  [CH_ERROR_CERTIFICATE_WRONG] = N_("The certificate was made for another key."),
  [CH_ERROR_CERTIFICATE_REVOKED] = N_("Somebody of your unit revoked it, or a new one has taken its place."),
  [CH_ERROR_CERTIFICATE_EXPIRED] = N_("It was not renewed in time, or the date of this PC is wrong."),
  [CH_ERROR_GATEWAY] = N_("WeChat Pay or Alipay is being looked after, or overloaded."),
  [CH_ERROR_ATTEMPT_CLOSED] = N_("A payment code counts for a quarter of an hour."),
  [CH_ERROR_AGAIN_SPENT] = N_("The key of the certificate was lost several times."),
  [CH_ERROR_SECOND_PERSON] = N_("Whoever asked for the refund wanted to agree to it too."),
  [CH_ERROR_DOWNLOAD_WRONG] = N_("The file was changed on the way, or is being replaced at the CA just now."),

  [CH_ERROR_RENEW_EARLY] = N_("The certificate is still good for a long time."),
  [CH_ERROR_RENEW_LATE] = N_("The certificate has ended longer ago than the CA allows."),
  [CH_ERROR_CERTIFICATE_HELD] = N_("Somebody of your unit has asked for its revocation."),
  [CH_ERROR_CERTIFICATE_OPEN] = N_("Somebody of your unit has begun with the same certificate."),
  [CH_ERROR_OLD_KEY_ELSEWHERE] = N_("Another key is plugged in, or the software token lies on another PC."),
  [CH_ERROR_SHARED_PC] = N_("The PC was set up for many people: nothing of anybody stays on it."),
  [CH_ERROR_TICKET_ENDED] = N_("What is looked at without an account ends by itself."),
  [CH_ERROR_DOWNLOAD_CODE_WRONG] = N_("A letter or digit was misheard or mistyped."),
  [CH_ERROR_DOWNLOAD_CODE_USED] = N_("The certificate was downloaded already, perhaps on another PC."),
  [CH_ERROR_DOWNLOAD_CODE_EXPIRED] = N_("Support gave you a newer code, or the time for this one is over."),

  [CH_ERROR_TOKEN_GONE] = N_("The key was unplugged, or its socket has no good contact."),
  [CH_ERROR_TOKEN_BROKEN] = N_("The disk was full or failed, or the file was edited."),
  [CH_ERROR_TOKEN_BUSY] = N_("Another window or program works with the same key."),
  [CH_ERROR_TOKEN_UNABLE] = N_("This kind of key does not have this ability."),
  [CH_ERROR_KEY_MISSING] = N_("Another key is plugged in than the one the certificate was made on."),
  [CH_ERROR_PIN_WRONG] = N_("A digit is mistyped, Caps Lock is on, or it is the PIN of another key."),
  [CH_ERROR_PIN_LOCKED] = N_("A wrong PIN was entered too often."),
  [CH_ERROR_PASSPHRASE_WEAK] = N_("It is short, a single word, or one that many people take."),
  [CH_ERROR_FILE_FOREIGN] = N_("The file is of another program, or of another kind."),
  [CH_ERROR_FILE_DAMAGED] = N_("The file was not copied whole, or was edited."),
  [CH_ERROR_FILE_NO_KEY] = N_("Only the certificate was exported, without its key."),
  [CH_ERROR_FILE_NO_CERTIFICATE] = N_("Only the key was exported, without its certificate."),
  [CH_ERROR_KEY_MISMATCH] = N_("Key and certificate come from two different files."),
  [CH_ERROR_FILE_PASSPHRASE] = N_("It is not the passphrase the file was made with."),
  [CH_ERROR_TOKEN_EXISTS] = N_("The token was taken over before."),
  [CH_ERROR_MOVE_CODE] = N_("A letter or digit is mistyped, or the code is of another token."),
  [CH_ERROR_TOKEN_FULL] = N_("Several keys and certificates lie on it already."),
  [CH_ERROR_TOKEN_BLANK] = N_("It is new, or was set back."),
  [CH_ERROR_TOKEN_FAILED] = N_("It has no good contact, or its memory is worn out."),
  [CH_ERROR_PIN_UNFIT] = N_("It is too short or too long, or has other signs than digits."),
  [CH_ERROR_PIN_LAST_TRY] = N_("A wrong PIN was entered several times."),
  [CH_ERROR_TOKEN_NONE] = N_("The key is not plugged in, or its driver is not installed."),
  [CH_ERROR_TOKEN_SEVERAL] = N_("Several keys are plugged in, and it is not clear which is meant."),
  [CH_ERROR_TOKEN_NOT_BLANK] = N_("A key that was used before is plugged in."),
  [CH_ERROR_SO_PIN_WRONG] = N_("The key was set up elsewhere, or its second PIN was changed."),
  [CH_ERROR_MODULE_FAILED] = N_("The driver has an error, or does not go with this version of the system."),
  [CH_ERROR_MODULE_HANGS] = N_("The key was pulled out in the middle of something, or the driver has an error."),

  [CH_ERROR_FONT_MISSING] = N_("The system was installed without Chinese."),
  [CH_ERROR_CARD_SERVICE] = N_("The smart-card service of this PC is not installed, was stopped, or may not be used."),
  [CH_ERROR_DRIVER_BROKEN] = N_("The driver of the key was not installed, was damaged, or is of another kind of PC."),
  [CH_ERROR_PROGRAM_OLD] = N_("The program was not updated for a long time."),

  [CH_ERROR_NO_CERTIFICATE] = N_("Another file was chosen."),
  [CH_ERROR_HOLDS_KEY] = N_("A back-up was chosen where a certificate was meant."),
  [CH_ERROR_NO_LIST] = N_("Another file was chosen."),
  [CH_ERROR_REVOCATION_UNKNOWN] = N_("Neither the list of revoked certificates nor the CA’s service for it could be reached."),
};
/* clang-format on */

/**
 * ch_failure_get_cause:
 *
 * Returns: what an error mostly comes from, untranslated
 */
const char *
ch_failure_get_cause (ChErrorCode code)
{
  /* Translators: of an error that needs no other words */
  return causes[code] != NULL ? causes[code] : N_ ("What its headline says; there is no other cause.");
}
