-- A film rental in the manner of Sakila: composite keys, two keys to one table, choices, views, sets.
CREATE TABLE language (language_id INTEGER PRIMARY KEY, name CHAR(20) NOT NULL, last_update TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE actor (actor_id INTEGER PRIMARY KEY, first_name VARCHAR(45) NOT NULL, last_name VARCHAR(45) NOT NULL, last_update TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE INDEX idx_actor_last_name ON actor (last_name);
CREATE TABLE category (category_id SMALLINT NOT NULL PRIMARY KEY, name VARCHAR(25) NOT NULL);
CREATE TABLE film (
  film_id INTEGER PRIMARY KEY, title VARCHAR(255) NOT NULL, description TEXT, release_year INTEGER,
  language_id INTEGER NOT NULL REFERENCES language (language_id), original_language_id INTEGER REFERENCES language (language_id),
  rental_duration SMALLINT NOT NULL DEFAULT 3, rental_rate DECIMAL(4,2) NOT NULL DEFAULT 4.99, length SMALLINT,
  replacement_cost DECIMAL(5,2) NOT NULL DEFAULT 19.99, rating VARCHAR(10) DEFAULT 'G',
  special_features VARCHAR(100), last_update TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT check_rating CHECK (rating IN ('G', 'PG', 'PG-13', 'R', 'NC-17')));
CREATE TABLE film_actor (actor_id INTEGER NOT NULL REFERENCES actor (actor_id), film_id INTEGER NOT NULL REFERENCES film (film_id),
  last_update TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (actor_id, film_id));
CREATE TABLE film_category (film_id INTEGER NOT NULL REFERENCES film (film_id), category_id SMALLINT NOT NULL REFERENCES category (category_id), PRIMARY KEY (film_id, category_id));
CREATE TABLE store (store_id INTEGER PRIMARY KEY, manager_staff_id SMALLINT NOT NULL REFERENCES staff (staff_id));
CREATE TABLE staff (staff_id SMALLINT NOT NULL PRIMARY KEY, first_name VARCHAR(45) NOT NULL, picture BLOB, email VARCHAR(50), store_id INT NOT NULL REFERENCES store (store_id), active BOOLEAN NOT NULL DEFAULT 1, username VARCHAR(16) NOT NULL);
CREATE TABLE inventory (inventory_id INTEGER PRIMARY KEY, film_id INT NOT NULL REFERENCES film (film_id), store_id INT NOT NULL REFERENCES store (store_id));
CREATE INDEX idx_fk_film_store ON inventory (store_id, film_id);
CREATE TABLE rental (rental_id INTEGER PRIMARY KEY, rental_date TIMESTAMP NOT NULL, inventory_id INT NOT NULL REFERENCES inventory (inventory_id), return_date TIMESTAMP, staff_id SMALLINT NOT NULL REFERENCES staff (staff_id));
CREATE UNIQUE INDEX idx_rental_uq ON rental (rental_date, inventory_id);
CREATE VIEW film_list AS SELECT film_id AS FID, title, rental_rate AS price FROM film;
INSERT INTO language (language_id, name) VALUES (1, 'English'), (2, 'Italian');
INSERT INTO actor (actor_id, first_name, last_name) VALUES (1, 'PENELOPE', 'GUINESS'), (2, 'NICK', 'WAHLBERG');
INSERT INTO film (film_id, title, release_year, language_id, rating) VALUES (1, 'ACADEMY DINOSAUR', 2006, 1, 'PG'), (2, 'ACE GOLDFINGER', 2006, 1, 'G');
INSERT INTO film_actor (actor_id, film_id) VALUES (1, 1), (1, 2), (2, 1);
INSERT INTO staff VALUES (1, 'Mike', x'89504E47', 'mike@example.org', 1, 1, 'mike');
INSERT INTO store VALUES (1, 1);
INSERT INTO inventory VALUES (1, 1, 1), (2, 2, 1);
INSERT INTO rental VALUES (1, '2005-05-24 22:53:30', 1, NULL, 1);
