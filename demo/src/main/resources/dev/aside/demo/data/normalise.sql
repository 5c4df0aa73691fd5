-- From invoice lines to a shop.
ANALYZE sales_line;

CREATE TABLE product (
  sku   text PRIMARY KEY,
  name  text NOT NULL,
  price numeric(10,3) NOT NULL CHECK (price >= 0)
);
INSERT INTO product
SELECT stock_code,
       coalesce(mode() WITHIN GROUP (ORDER BY nullif(trim(description), '')), 'unnamed'),
       -- the last price it was sold at
       coalesce((array_agg(unit_price ORDER BY no DESC) FILTER (WHERE unit_price > 0))[1], 0)
FROM sales_line
GROUP BY stock_code;

CREATE TABLE customer (
  id      integer PRIMARY KEY,
  country text NOT NULL
);
INSERT INTO customer
SELECT customer_id, mode() WITHIN GROUP (ORDER BY country)
FROM sales_line
WHERE customer_id IS NOT NULL
GROUP BY customer_id;

-- A cancelled order is one of its own whose quantities are negative; its number begins with C.
CREATE TABLE orders (
  id          text PRIMARY KEY,
  customer_id integer REFERENCES customer,
  ordered_at  timestamp NOT NULL,
  country     text NOT NULL,
  cancelled   boolean NOT NULL
);
INSERT INTO orders
SELECT invoice_no, max(customer_id), min(invoice_date), min(country), invoice_no LIKE 'C%'
FROM sales_line
GROUP BY invoice_no;
CREATE INDEX orders_by_time ON orders (ordered_at);
CREATE INDEX orders_by_customer ON orders (customer_id);

CREATE TABLE order_line (
  order_id   text NOT NULL,
  line_no    integer NOT NULL,
  sku        text NOT NULL,
  quantity   integer NOT NULL,
  unit_price numeric(10,3) NOT NULL
);
INSERT INTO order_line
SELECT invoice_no, row_number() OVER (PARTITION BY invoice_no ORDER BY no), stock_code, quantity, unit_price
FROM sales_line;
-- keys after the rows: much faster
ALTER TABLE order_line ADD PRIMARY KEY (order_id, line_no);
ALTER TABLE order_line ADD FOREIGN KEY (order_id) REFERENCES orders;
ALTER TABLE order_line ADD FOREIGN KEY (sku) REFERENCES product;

DROP TABLE sales_line;

-- What customers may do: permissions belong to roles, roles to customers.
CREATE TABLE role_permission (
  role       text NOT NULL,
  permission text NOT NULL,
  PRIMARY KEY (role, permission)
);
INSERT INTO role_permission VALUES
  ('buyer', 'order:create'), ('buyer', 'order:read'),
  ('trusted', 'return:without-approval'),
  ('wholesale', 'invoice:pay-later'), ('wholesale', 'price:wholesale');

CREATE TABLE customer_role (
  customer_id integer NOT NULL REFERENCES customer ON DELETE CASCADE,
  role        text NOT NULL,
  PRIMARY KEY (customer_id, role)
);
INSERT INTO customer_role SELECT id, 'buyer' FROM customer;
INSERT INTO customer_role
SELECT customer_id, 'trusted'
FROM orders
WHERE customer_id IS NOT NULL
GROUP BY customer_id
HAVING count(*) >= 5 AND NOT bool_or(cancelled);
-- the twentieth that buys most
INSERT INTO customer_role
SELECT customer_id, 'wholesale'
FROM (SELECT o.customer_id, ntile(20) OVER (ORDER BY sum(l.quantity * l.unit_price) DESC) AS part
      FROM orders o JOIN order_line l ON l.order_id = o.id
      WHERE o.customer_id IS NOT NULL
      GROUP BY o.customer_id) ranked
WHERE part = 1;

ANALYZE product, customer, orders, order_line, role_permission, customer_role;
