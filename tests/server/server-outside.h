#pragma once

#include "server/ch-gateway.h"
#include "server/ch-sms.h"

G_BEGIN_DECLS

/* Those outside, as simple as they can be: a gateway of which the test says what it answers, and a phone. */
#define TEST_TYPE_GATEWAY (test_gateway_get_type ())
G_DECLARE_FINAL_TYPE (TestGateway, test_gateway, TEST, GATEWAY, GObject)

TestGateway *test_gateway_new (void);
ChTrade *test_gateway_get (TestGateway *self, const char *trade_no);
void test_gateway_pay (TestGateway *self, const char *trade_no);
void test_gateway_set_broken (TestGateway *self, gboolean is_broken);
guint test_gateway_get_n_created (TestGateway *self);

#define TEST_TYPE_PHONE (test_phone_get_type ())
G_DECLARE_FINAL_TYPE (TestPhone, test_phone, TEST, PHONE, GObject)

TestPhone *test_phone_new (void);
const char *test_phone_get_text (TestPhone *self, const char *mobile);

G_END_DECLS
