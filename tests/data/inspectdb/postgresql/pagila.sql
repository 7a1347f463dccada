-- A film rental in the manner of Pagila: enums, domains, arrays, text search, partitions, views, triggers.
CREATE TYPE mpaa_rating AS ENUM ('G', 'PG', 'PG-13', 'R', 'NC-17');
CREATE DOMAIN year AS integer CONSTRAINT year_check CHECK (VALUE >= 1901 AND VALUE <= 2155);
CREATE SEQUENCE actor_actor_id_seq;
CREATE TABLE actor (actor_id integer DEFAULT nextval('actor_actor_id_seq') NOT NULL PRIMARY KEY, first_name text NOT NULL, last_name varchar(45) NOT NULL, last_update timestamptz DEFAULT now() NOT NULL);
CREATE INDEX idx_actor_last_name ON actor (last_name);
CREATE TABLE language (language_id serial PRIMARY KEY, name char(20) NOT NULL, last_update timestamptz DEFAULT now() NOT NULL);
CREATE TABLE category (category_id smallserial PRIMARY KEY, name text NOT NULL COLLATE "C");
CREATE TABLE film (
  film_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title varchar(255) NOT NULL, description text, release_year year,
  language_id integer NOT NULL REFERENCES language (language_id), original_language_id integer REFERENCES language (language_id),
  rental_duration smallint DEFAULT 3 NOT NULL, rental_rate numeric(4,2) DEFAULT 4.99 NOT NULL, length smallint,
  replacement_cost numeric(5,2) DEFAULT 19.99 NOT NULL, rating mpaa_rating DEFAULT 'G', special_features text[], fulltext tsvector NOT NULL,
  size point, budget money, cut interval, mask bit(4), ratio numeric);
COMMENT ON TABLE film IS 'What is let';
COMMENT ON COLUMN film.title IS 'As on the box';
CREATE INDEX film_fulltext_idx ON film USING gist (fulltext);
CREATE INDEX idx_title ON film (title);
CREATE INDEX idx_lower_title ON film (lower(title)) WHERE length > 10;
CREATE FUNCTION film_text() RETURNS trigger AS $$ BEGIN NEW.fulltext := to_tsvector('english', NEW.title); RETURN NEW; END $$ LANGUAGE plpgsql;
CREATE TRIGGER film_fulltext BEFORE INSERT OR UPDATE ON film FOR EACH ROW EXECUTE FUNCTION film_text();
CREATE TABLE film_actor (actor_id integer NOT NULL REFERENCES actor (actor_id), film_id bigint NOT NULL REFERENCES film (film_id),
  last_update timestamptz DEFAULT now() NOT NULL, PRIMARY KEY (actor_id, film_id));
CREATE TABLE store (store_id serial PRIMARY KEY, manager_staff_id integer NOT NULL, opens time, closes timetz);
CREATE TABLE staff (staff_id serial PRIMARY KEY, first_name text NOT NULL, picture bytea, email text, store_id integer NOT NULL REFERENCES store (store_id), active boolean DEFAULT true NOT NULL, username text NOT NULL, badge uuid UNIQUE, host inet, settings jsonb);
ALTER TABLE store ADD FOREIGN KEY (manager_staff_id) REFERENCES staff (staff_id);
CREATE UNIQUE INDEX idx_unq_manager ON store (manager_staff_id);
CREATE TABLE customer (customer_id serial PRIMARY KEY, store_id integer NOT NULL REFERENCES store (store_id), name text NOT NULL, kind varchar(10) NOT NULL, CONSTRAINT kinds CHECK (kind IN ('new', 'old', 'it''s')));
CREATE TABLE payment (payment_id bigserial, customer_id integer NOT NULL REFERENCES customer (customer_id), amount numeric(5,2) NOT NULL, payment_date timestamptz NOT NULL, PRIMARY KEY (payment_date, payment_id)) PARTITION BY RANGE (payment_date);
CREATE TABLE payment_p2022_01 PARTITION OF payment FOR VALUES FROM ('2022-01-01') TO ('2022-02-01');
CREATE TABLE payment_p2022_02 PARTITION OF payment FOR VALUES FROM ('2022-02-01') TO ('2022-03-01');
CREATE VIEW actor_info AS SELECT a.actor_id, a.first_name, count(*) AS films FROM actor a JOIN film_actor f USING (actor_id) GROUP BY 1, 2;
CREATE MATERIALIZED VIEW rental_by_category AS SELECT c.category_id, c.name, 5.5::numeric(9,2) AS total_sales FROM category c;
INSERT INTO language (name) VALUES ('English'), ('Italian');
INSERT INTO actor (first_name, last_name) VALUES ('PENELOPE', 'GUINESS'), ('NICK', 'WAHLBERG');
INSERT INTO category (name) VALUES ('Action');
INSERT INTO film (title, release_year, language_id, rating, special_features, size, budget, cut, mask, ratio) VALUES ('ACADEMY DINOSAUR', 2006, 1, 'PG', '{Trailers,"Deleted Scenes"}', '(1,2)', 12.5, '1 day 02:00', B'0101', 1.23456789), ('ACE GOLDFINGER', 2006, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO film_actor (actor_id, film_id) VALUES (1, 1), (1, 2), (2, 1);
ALTER TABLE store DISABLE TRIGGER ALL; INSERT INTO store VALUES (1, 1, '09:00', '18:00+01'); ALTER TABLE store ENABLE TRIGGER ALL;
INSERT INTO staff (staff_id, first_name, store_id, username, badge, host, settings) VALUES (1, 'Mike', 1, 'mike', '7f3bf0f6-7b4b-4f7e-9d5b-0e5a3a0d7f11', '10.0.0.1', '{"a": 1}');
INSERT INTO customer (store_id, name, kind) VALUES (1, 'MARY', 'new');
INSERT INTO payment (customer_id, amount, payment_date) VALUES (1, 2.99, '2022-01-24'), (1, 0.99, '2022-02-03');
REFRESH MATERIALIZED VIEW rental_by_category;
