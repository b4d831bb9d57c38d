-- Whose account is closed is forgotten by all who know more than the id.
GRANT DELETE ON payment.terms TO souk_payment;
GRANT UPDATE (body) ON "order".order_detail TO souk_order;

-- So that events that are over are locked before they are dropped.
GRANT UPDATE ON auth.outbox TO souk_auth;
