-- The catalogue: documents, by SKU.
CREATE TABLE product.document (
    collection text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (collection, key)
);

GRANT SELECT, INSERT, UPDATE ON product.document TO souk_product;
