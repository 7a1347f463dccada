-- A film rental in the manner of Sakila: enums, sets, years, unsigned numbers, geometry, full text, triggers.
CREATE TABLE language (language_id tinyint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name char(20) NOT NULL, last_update timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp());
CREATE TABLE actor (actor_id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, first_name varchar(45) NOT NULL, last_name varchar(45) NOT NULL COLLATE utf8mb4_bin COMMENT 'As in the titles', KEY idx_actor_last_name (last_name)) COMMENT='Who plays';
CREATE TABLE category (category_id tinyint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(25) NOT NULL);
CREATE TABLE film (
  film_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, title varchar(128) NOT NULL, description text, release_year year DEFAULT NULL,
  language_id tinyint unsigned NOT NULL, original_language_id tinyint unsigned DEFAULT NULL, rental_duration tinyint unsigned NOT NULL DEFAULT 3,
  rental_rate decimal(4,2) NOT NULL DEFAULT 4.99, length smallint unsigned DEFAULT NULL, replacement_cost decimal(5,2) NOT NULL DEFAULT 19.99,
  rating enum('G','PG','PG-13','R','NC-17') DEFAULT 'G', special_features set('Trailers','Commentaries','Deleted Scenes') DEFAULT NULL,
  views bigint unsigned NOT NULL DEFAULT 0, score double, weight float, extra json, badge uuid, cut time, mask bit(4), clip mediumblob, shot datetime(6),
  KEY idx_title (title), KEY idx_fk_language_id (language_id), FULLTEXT KEY idx_title_description (title, description),
  CONSTRAINT fk_film_language FOREIGN KEY (language_id) REFERENCES language (language_id) ON UPDATE CASCADE,
  CONSTRAINT fk_film_language_original FOREIGN KEY (original_language_id) REFERENCES language (language_id) ON UPDATE CASCADE);
CREATE TABLE film_actor (actor_id smallint unsigned NOT NULL, film_id int unsigned NOT NULL, last_update timestamp NOT NULL DEFAULT current_timestamp(), PRIMARY KEY (actor_id, film_id),
  CONSTRAINT fk_film_actor_actor FOREIGN KEY (actor_id) REFERENCES actor (actor_id), CONSTRAINT fk_film_actor_film FOREIGN KEY (film_id) REFERENCES film (film_id));
CREATE TABLE address (address_id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, address varchar(50) NOT NULL, district mediumint NOT NULL, phone varchar(20) NOT NULL, location geometry NOT NULL, active tinyint(1) NOT NULL DEFAULT 1, UNIQUE KEY one (district, phone), SPATIAL KEY idx_location (location));
CREATE TABLE film_text (film_id smallint NOT NULL PRIMARY KEY, title varchar(255) NOT NULL, kind varchar(9) CHECK (kind in ('a', 'b')));
CREATE VIEW film_list AS SELECT film_id AS FID, title, rental_rate AS price FROM film;
CREATE TRIGGER ins_film AFTER INSERT ON film FOR EACH ROW INSERT INTO film_text (film_id, title) VALUES (NEW.film_id, NEW.title);
INSERT INTO language (name) VALUES ('English'), ('Italian');
INSERT INTO actor (first_name, last_name) VALUES ('PENELOPE', 'GUINESS'), ('NICK', 'WAHLBERG');
INSERT INTO film (title, release_year, language_id, rating, special_features, score, extra, badge, cut, mask, clip, shot) VALUES ('ACADEMY DINOSAUR', 2006, 1, 'PG', 'Trailers,Deleted Scenes', 1.5, '{"a": 1}', '7f3bf0f6-7b4b-4f7e-9d5b-0e5a3a0d7f11', '01:02:03', b'0101', x'89504E47', '2006-02-15 04:34:33.000001'), ('ACE GOLDFINGER', NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO film_actor (actor_id, film_id) VALUES (1, 1), (1, 2), (2, 1);
INSERT INTO address (address, district, phone, location) VALUES ('47 MySakila Drive', 1, '555', ST_GeomFromText('POINT(1 2)'));
