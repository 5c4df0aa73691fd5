-- One row per line of the data set, in its own columns.
CREATE UNLOGGED TABLE sales_line (
  no           bigint GENERATED ALWAYS AS IDENTITY,
  invoice_no   text NOT NULL,
  stock_code   text NOT NULL,
  description  text,
  quantity     integer NOT NULL,
  invoice_date timestamp NOT NULL,
  unit_price   numeric(10,3) NOT NULL,
  customer_id  integer,
  country      text NOT NULL
);
