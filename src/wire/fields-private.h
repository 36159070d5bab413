#pragma once

#include "wire/ch-field.h"

/* Each topic’s fields; the forms put them together */
extern const ChField ch_field_user_name, ch_field_login_name, ch_field_password, ch_field_login_password,
    ch_field_sms_code, ch_field_lookup_number, ch_field_old_password, ch_field_new_mobile, ch_field_email,
    ch_field_email_code;
extern const ChField ch_field_project, ch_field_unit_name, ch_field_unit_code, ch_field_term,
    ch_field_unit_email, ch_field_province, ch_field_city;
extern const ChField ch_field_certificate_type, ch_field_legal_person_name,
    ch_field_legal_person_document_kind, ch_field_legal_person_document_number, ch_field_legal_person_mobile;
extern const ChField ch_field_person_name, ch_field_person_document_kind, ch_field_person_document_number,
    ch_field_person_mobile, ch_field_person_email, ch_field_person_unit;
extern const ChField ch_field_handler_name, ch_field_handler_document_kind, ch_field_handler_document_number,
    ch_field_handler_mobile, ch_field_handler_email, ch_field_unit_phone, ch_field_handler_address;
extern const ChField ch_field_passphrase, ch_field_certificate, ch_field_old_key, ch_field_download_code,
    ch_field_revocation_reason, ch_field_replacement_reason;
extern const ChField ch_field_unlock_mobile, ch_field_unlock_code;

extern const ChField ch_field_download_name, ch_field_download_from, ch_field_download_until,
    ch_field_download_trust_id, ch_field_download_serial, ch_field_download_subject;

/* What several topics choose from and look at */
extern const ChFieldChoice ch_choices_document_kind[];
ChReason ch_fields_check_number (const char *value, GHashTable *answers, const char *kind_field);
