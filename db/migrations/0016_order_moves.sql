-- What becomes of an order after it was placed: it is cancelled, or shipped, each by way of a status that says that it is
-- being done.
ALTER TABLE "order".orders DROP CONSTRAINT orders_status_check;
ALTER TABLE "order".orders ADD CONSTRAINT orders_status_check CHECK (status IN ('placing', 'awaiting_payment', 'confirmed',
    'rejected', 'cancelling', 'cancelled', 'shipping', 'shipped'));

-- What is being done to those in flight: the status that they have meanwhile.
ALTER TABLE "order".in_flight ADD COLUMN work text NOT NULL DEFAULT 'placing';
