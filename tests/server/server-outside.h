#pragma once

#include "server/ch-gateway.h"
#include "server/ch-mail.h"
#include "server/ch-sms.h"

G_BEGIN_DECLS

/* Those outside, as simple as they can be: a gateway of which the test says what it answers, and a phone.
 * What is kept in a folder outlives the process, and others who keep theirs there see it. */
#define TEST_TYPE_GATEWAY (test_gateway_get_type ())
G_DECLARE_FINAL_TYPE (TestGateway, test_gateway, TEST, GATEWAY, GObject)

TestGateway *test_gateway_new (void);
ChTrade *test_gateway_get (TestGateway *self, const char *trade_no);
void test_gateway_pay (TestGateway *self, const char *trade_no);
void test_gateway_set_broken (TestGateway *self, gboolean is_broken);
guint test_gateway_get_n_created (TestGateway *self);
void test_gateway_keep_in (TestGateway *self, const char *dir);

#define TEST_TYPE_PHONE (test_phone_get_type ())
G_DECLARE_FINAL_TYPE (TestPhone, test_phone, TEST, PHONE, GObject)

TestPhone *test_phone_new (void);
const char *test_phone_get_text (TestPhone *self, const char *mobile);
void test_phone_keep_in (TestPhone *self, const char *dir);
void test_phone_clear (TestPhone *self, const char *mobile);
char *test_phone_dup_text (TestPhone *self, const char *mobile);

G_END_DECLS
