/* Stripe's side of the payments, in tables. */
#include "stripe_asks.h"

#include "../../lib/settings.h"

static const souk_record_t intent_tags = {
    .name = "intent_tags",
    .size = sizeof(struct stripe_tags),
    .fields = {
        FIELD(stripe_tags, order_id),
    },
};
static const souk_record_t intent_wish = {
    .name = "intent_wish",
    .size = sizeof(struct stripe_wish),
    .fields = {
        FIELD(stripe_wish, amount),
        FIELD(stripe_wish, currency),
        FIELD(stripe_wish, customer, .optional = true),
        FIELD(stripe_wish, payment_method),
        FIELD(stripe_wish, payment_method_types),
        FIELD(stripe_wish, capture_method),
        FIELD(stripe_wish, metadata, .of = &intent_tags),
    },
};
/* Nobody is there to be sent to the bank. */
static const souk_record_t confirmation = {
    .name = "confirmation",
    .size = sizeof(struct stripe_wish),
    .fields = {
        FIELD(stripe_wish, id),
        FIELD(stripe_wish, error_on_requires_action),
    },
};
static const souk_record_t capture_wish = {
    .name = "capture_wish",
    .size = sizeof(struct stripe_wish),
    .fields = {
        FIELD(stripe_wish, id),
        FIELD(stripe_wish, amount_to_capture),
    },
};
static const souk_record_t refund_tags = {
    .name = "refund_tags",
    .size = sizeof(struct stripe_tags),
    .fields = {
        FIELD(stripe_tags, souk_key, .optional = true),
    },
};
static const souk_record_t refund_wish = {
    .name = "refund_wish",
    .size = sizeof(struct stripe_wish),
    .fields = {
        FIELD(stripe_wish, payment_intent),
        FIELD(stripe_wish, amount),
        FIELD(stripe_wish, metadata, .of = &refund_tags),
    },
};
static const souk_record_t refunds_wish = {
    .name = "refunds_wish",
    .size = sizeof(struct stripe_wish),
    .fields = {
        FIELD(stripe_wish, payment_intent),
        FIELD(stripe_wish, limit),
    },
};
static const souk_record_t span = {
    .name = "span",
    .size = sizeof(struct stripe_span),
    .fields = {
        FIELD(stripe_span, gte),
        FIELD(stripe_span, lt),
    },
};
static const souk_record_t records_wish = {
    .name = "records_wish",
    .size = sizeof(struct stripe_wish),
    .fields = {
        FIELD(stripe_wish, created, .of = &span),
        FIELD(stripe_wish, limit),
        FIELD(stripe_wish, starting_after, .optional = true),
        FIELD(stripe_wish, expand),
    },
};
static const souk_record_t customer_tags = {
    .name = "customer_tags",
    .size = sizeof(struct stripe_tags),
    .fields = {
        FIELD(stripe_tags, user_id),
    },
};
static const souk_record_t customer_wish = {
    .name = "customer_wish",
    .size = sizeof(struct stripe_wish),
    .fields = {
        FIELD(stripe_wish, metadata, .of = &customer_tags),
    },
};
static const souk_record_t attachment = {
    .name = "attachment",
    .size = sizeof(struct stripe_wish),
    .fields = {
        FIELD(stripe_wish, id),
        FIELD(stripe_wish, customer),
    },
};
static const souk_record_t only_id = {
    .name = "only_id",
    .size = sizeof(struct stripe_wish),
    .fields = {
        FIELD(stripe_wish, id),
    },
};

static const souk_record_t error = {
    .name = "error",
    .size = sizeof(struct stripe_error),
    .fields = {
        FIELD(stripe_error, type, .optional = true),
        FIELD(stripe_error, code, .optional = true),
        FIELD(stripe_error, decline_code, .optional = true),
        FIELD(stripe_error, param, .optional = true),
    },
};
static const souk_record_t refusal = {
    .name = "refusal",
    .size = sizeof(struct stripe_refusal),
    .fields = {
        FIELD(stripe_refusal, error, .of = &error),
    },
};
static const souk_record_t intent = {
    .name = "intent",
    .size = sizeof(struct stripe_intent),
    .fields = {
        FIELD(stripe_intent, id, .min = 1, .max = 255),
        FIELD(stripe_intent, status),
        FIELD(stripe_intent, last_payment_error, .of = &error, .optional = true),
    },
};
static const souk_record_t charge = {
    .name = "charge",
    .size = sizeof(struct stripe_charge),
    .fields = {
        FIELD(stripe_charge, amount_refunded, .optional = true),
    },
};
static const souk_record_t optional_intent_tags = {
    .name = "optional_intent_tags",
    .size = sizeof(struct stripe_tags),
    .fields = {
        FIELD(stripe_tags, order_id, .optional = true),
    },
};
static const souk_record_t record = {
    .name = "record",
    .size = sizeof(struct stripe_record),
    .fields = {
        FIELD(stripe_record, id, .min = 1, .max = 255),
        FIELD(stripe_record, status),
        FIELD(stripe_record, currency),
        FIELD(stripe_record, amount_received),
        FIELD(stripe_record, created),
        FIELD(stripe_record, latest_charge, .of = &charge, .optional = true),
        FIELD(stripe_record, metadata, .of = &optional_intent_tags, .optional = true),
    },
};
static const souk_record_t records = {
    .name = "records",
    .size = sizeof(struct stripe_records),
    .fields = {
        FIELD(stripe_records, data, .of = &record),
        FIELD(stripe_records, has_more),
    },
};
static const souk_record_t refund = {
    .name = "refund",
    .size = sizeof(struct stripe_refund),
    .fields = {
        FIELD(stripe_refund, status),
        FIELD(stripe_refund, metadata, .of = &refund_tags, .optional = true),
    },
};
static const souk_record_t refunds = {
    .name = "refunds",
    .size = sizeof(struct stripe_refunds),
    .fields = {
        FIELD(stripe_refunds, data, .of = &refund),
    },
};
static const souk_record_t card = {
    .name = "card",
    .size = sizeof(struct stripe_card),
    .fields = {
        FIELD(stripe_card, brand, .max = 64),
        FIELD(stripe_card, last4, .min = 4, .max = 4),
        FIELD(stripe_card, exp_month, .min = 1, .max = 12),
        FIELD(stripe_card, exp_year, .min = 1970, .max = 9999),
    },
};
static const souk_record_t method = {
    .name = "method",
    .size = sizeof(struct stripe_method),
    .fields = {
        FIELD(stripe_method, id, .min = 1, .max = 255),
        FIELD(stripe_method, customer, .optional = true),
        FIELD(stripe_method, card, .of = &card, .optional = true),
    },
};
static const souk_record_t customer = {
    .name = "customer",
    .size = sizeof(struct stripe_customer),
    .fields = {
        FIELD(stripe_customer, id, .min = 1, .max = 255),
    },
};

static const souk_web_site_t site = {
    .url = &souk_settings.stripe_url,
    .bearer = &souk_settings.stripe_key,
    .header = "Stripe-Version: 2024-06-20",
    .timeout_ms = &souk_settings.provider_timeout_ms,
    .refuses = &refusal,
    .takes_forms = true,
};

const souk_web_ask_t stripe_make_intent = {
    .site = &site,
    .http = "POST /v1/payment_intents",
    .takes = &intent_wish,
    .gives = &intent,
};
const souk_web_ask_t stripe_confirm_intent = {
    .site = &site,
    .http = "POST /v1/payment_intents/{id}/confirm",
    .takes = &confirmation,
    .gives = &intent,
};
const souk_web_ask_t stripe_capture_intent = {
    .site = &site,
    .http = "POST /v1/payment_intents/{id}/capture",
    .takes = &capture_wish,
    .gives = &intent,
};
const souk_web_ask_t stripe_cancel_intent = {
    .site = &site,
    .http = "POST /v1/payment_intents/{id}/cancel",
    .takes = &only_id,
    .gives = &intent,
};
const souk_web_ask_t stripe_find_intent = {
    .site = &site,
    .http = "GET /v1/payment_intents/{id}",
    .takes = &only_id,
    .gives = &intent,
};
const souk_web_ask_t stripe_list_intents = {
    .site = &site,
    .http = "GET /v1/payment_intents",
    .takes = &records_wish,
    .gives = &records,
};
const souk_web_ask_t stripe_make_refund = {
    .site = &site,
    .http = "POST /v1/refunds",
    .takes = &refund_wish,
    .gives = &refund,
};
const souk_web_ask_t stripe_list_refunds = {
    .site = &site,
    .http = "GET /v1/refunds",
    .takes = &refunds_wish,
    .gives = &refunds,
};
const souk_web_ask_t stripe_attach_method = {
    .site = &site,
    .http = "POST /v1/payment_methods/{id}/attach",
    .takes = &attachment,
    .gives = &method,
};
const souk_web_ask_t stripe_detach_method = {
    .site = &site,
    .http = "POST /v1/payment_methods/{id}/detach",
    .takes = &only_id,
    .gives = &method,
};
const souk_web_ask_t stripe_find_method = {
    .site = &site,
    .http = "GET /v1/payment_methods/{id}",
    .takes = &only_id,
    .gives = &method,
};
const souk_web_ask_t stripe_make_customer = {
    .site = &site,
    .http = "POST /v1/customers",
    .takes = &customer_wish,
    .gives = &customer,
};
const souk_web_ask_t stripe_delete_customer = {
    .site = &site,
    .http = "DELETE /v1/customers/{id}",
    .takes = &only_id,
    .gives = &customer,
};
