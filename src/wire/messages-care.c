#include "config.h"

#include "wire/messages-care.h"

CH_WIRE_DEFINE (ChPicture, ch_picture, CH_PICTURE_FIELDS, "picture")
CH_WIRE_DEFINE (ChReset, ch_reset, CH_RESET_FIELDS, "reset")
CH_WIRE_DEFINE (ChResetDone, ch_reset_done, CH_RESET_DONE_FIELDS, "reset-done")
CH_WIRE_DEFINE (ChPasswordChange, ch_password_change, CH_PASSWORD_CHANGE_FIELDS, "password-change")
CH_WIRE_DEFINE (ChMobileChange, ch_mobile_change, CH_MOBILE_CHANGE_FIELDS, "mobile-change")
CH_WIRE_DEFINE (ChEmailRequest, ch_email_request, CH_EMAIL_REQUEST_FIELDS, "email-request")
CH_WIRE_DEFINE (ChEmailChange, ch_email_change, CH_EMAIL_CHANGE_FIELDS, "email-change")
CH_WIRE_DEFINE (ChSessionInfo, ch_session_info, CH_SESSION_INFO_FIELDS, "session-info")
CH_WIRE_DEFINE (ChConsentGiven, ch_consent_given, CH_CONSENT_GIVEN_FIELDS, "consent-given")
CH_WIRE_DEFINE (ChCare, ch_care, CH_CARE_FIELDS, "care")
CH_WIRE_DEFINE (ChObstacle, ch_obstacle, CH_OBSTACLE_FIELDS, "obstacle")
CH_WIRE_DEFINE (ChKept, ch_kept, CH_KEPT_FIELDS, "kept")
CH_WIRE_DEFINE (ChClosing, ch_closing, CH_CLOSING_FIELDS, "closing")
CH_WIRE_DEFINE (ChClose, ch_close, CH_CLOSE_FIELDS, "close")
CH_WIRE_DEFINE (ChExport, ch_export, CH_EXPORT_FIELDS, "export")
