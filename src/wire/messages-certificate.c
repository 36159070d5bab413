#include "config.h"

#include "wire/messages-certificate.h"

CH_WIRE_DEFINE_ENUM (ChCertificateState, CH_CERTIFICATE_STATES, "certificate-state")

CH_WIRE_DEFINE (ChCsrMessage, ch_csr_message, CH_CSR_FIELDS, "csr")
CH_WIRE_DEFINE (ChCertificate, ch_certificate, CH_CERTIFICATE_FIELDS, "certificate")
CH_WIRE_DEFINE (ChCertificateList, ch_certificate_list, CH_CERTIFICATE_LIST_FIELDS, "certificate-list")
CH_WIRE_DEFINE (ChPossession, ch_possession, CH_POSSESSION_FIELDS, "possession")
