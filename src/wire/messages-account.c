#include "config.h"

#include "wire/messages-account.h"

CH_WIRE_DEFINE_ENUM (ChSmsPurpose, CH_SMS_PURPOSES, "sms-purpose")

CH_WIRE_DEFINE (ChTime, ch_time, CH_TIME_FIELDS, "time")
CH_WIRE_DEFINE (ChChallenge, ch_challenge, CH_CHALLENGE_FIELDS, "challenge")
CH_WIRE_DEFINE (ChSmsRequest, ch_sms_request, CH_SMS_REQUEST_FIELDS, "sms-request")
CH_WIRE_DEFINE (ChSmsSent, ch_sms_sent, CH_SMS_SENT_FIELDS, "sms-sent")
CH_WIRE_DEFINE (ChConsent, ch_consent, CH_CONSENT_FIELDS, "consent")
CH_WIRE_DEFINE (ChRegister, ch_register, CH_REGISTER_FIELDS, "register")
CH_WIRE_DEFINE (ChAccount, ch_account, CH_ACCOUNT_FIELDS, "account")
CH_WIRE_DEFINE (ChLogin, ch_login, CH_LOGIN_FIELDS, "login")
CH_WIRE_DEFINE (ChStaffLogin, ch_staff_login, CH_STAFF_LOGIN_FIELDS, "staff-login")
CH_WIRE_DEFINE (ChSession, ch_session, CH_SESSION_FIELDS, "session")
CH_WIRE_DEFINE (ChNonceRequest, ch_nonce_request, CH_NONCE_REQUEST_FIELDS, "nonce-request")
CH_WIRE_DEFINE (ChNonce, ch_nonce, CH_NONCE_FIELDS, "nonce")
