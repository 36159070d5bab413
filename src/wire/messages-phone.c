#include "config.h"

#include "wire/messages-phone.h"

CH_WIRE_DEFINE_ENUM (ChScanPurpose, CH_SCAN_PURPOSES, "scan-purpose")
CH_WIRE_DEFINE_ENUM (ChScanState, CH_SCAN_STATES, "scan-state")
CH_WIRE_DEFINE (ChScanNew, ch_scan_new, CH_SCAN_NEW_FIELDS, "scan-new")
CH_WIRE_DEFINE (ChScanCode, ch_scan_code, CH_SCAN_CODE_FIELDS, "scan-code")
CH_WIRE_DEFINE (ChScanStarted, ch_scan_started, CH_SCAN_STARTED_FIELDS, "scan-started")
CH_WIRE_DEFINE (ChScanWaiting, ch_scan_waiting, CH_SCAN_WAITING_FIELDS, "scan-waiting")
CH_WIRE_DEFINE (ChScanSession, ch_scan_session, CH_SCAN_SESSION_FIELDS, "scan-session")
CH_WIRE_DEFINE (ChScanTake, ch_scan_take, CH_SCAN_TAKE_FIELDS, "scan-take")
CH_WIRE_DEFINE (ChScanTask, ch_scan_task, CH_SCAN_TASK_FIELDS, "scan-task")
CH_WIRE_DEFINE (ChPhoneSms, ch_phone_sms, CH_PHONE_SMS_FIELDS, "phone-sms")
CH_WIRE_DEFINE (ChPhoneNew, ch_phone_new, CH_PHONE_NEW_FIELDS, "phone-new")
CH_WIRE_DEFINE (ChPhoneShare, ch_phone_share, CH_PHONE_SHARE_FIELDS, "phone-share")
CH_WIRE_DEFINE (ChPhoneOpen, ch_phone_open, CH_PHONE_OPEN_FIELDS, "phone-open")
CH_WIRE_DEFINE (ChPhoneSigned, ch_phone_signed, CH_PHONE_SIGNED_FIELDS, "phone-signed")
CH_WIRE_DEFINE (ChPhone, ch_phone, CH_PHONE_FIELDS, "phone")
CH_WIRE_DEFINE (ChPhoneList, ch_phone_list, CH_PHONE_LIST_FIELDS, "phone-list")
