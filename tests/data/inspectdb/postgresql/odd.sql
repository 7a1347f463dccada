-- What a database may hold beside well-behaved tables: keys of several columns that are referred to, tables without
-- any, checks of every form, domains, enums with names that begin like types, ranges, names that differ by case.
CREATE TYPE realm AS ENUM ('earth', 'it''s', 'a\b');
CREATE TYPE date_kind AS ENUM ('day', 'week');
CREATE DOMAIN shade AS text CHECK (VALUE IN ('red', 'VALUE'));
CREATE DOMAIN where_to AS realm;
CREATE DOMAIN deeper AS shade;
CREATE DOMAIN short AS varchar(7) NOT NULL;
CREATE DOMAIN deepest AS short DEFAULT 'red' CHECK (VALUE IN ('red', 'blue'));
CREATE TABLE node (tenant integer NOT NULL, code varchar(5) NOT NULL, name text, PRIMARY KEY (tenant, code));
CREATE TABLE leaf (id serial PRIMARY KEY, tenant integer NOT NULL, code varchar(5) NOT NULL, FOREIGN KEY (tenant, code) REFERENCES node);
CREATE TABLE country (id serial PRIMARY KEY, "ISO code" varchar(2) NOT NULL UNIQUE, "dial number" integer NOT NULL UNIQUE);
CREATE TABLE city (id serial PRIMARY KEY, iso varchar(2) NOT NULL REFERENCES country ("ISO code"), dial integer NOT NULL REFERENCES country ("dial number"));
CREATE TABLE keyless (a integer, b text);
CREATE TABLE ticket (opened date, number varchar(9) NOT NULL UNIQUE);
CREATE TABLE nothing ();
CREATE TABLE checks (id serial PRIMARY KEY, kind varchar(9) NOT NULL CHECK (kind IN ('a', 'b')), level integer NOT NULL CHECK (level IN (1, 2, -3)),
  shade varchar(5) CHECK (shade = 'red' OR shade = 'blue'), opt varchar(5) CHECK (opt IS NULL OR opt IN ('x', 'y')),
  notin varchar(5) CHECK (NOT (notin IN ('x', 'y'))), part varchar(5) CHECK (part IN ('x', 'y') OR id > 3),
  "both" varchar(5) CHECK (length("both") > 0 AND "both" IN ('m', 'it''s')), home realm NOT NULL, every date_kind, tint shade, place where_to, deep deeper, deepest deepest);
CREATE TABLE types (id uuid PRIMARY KEY, few int4multirange, days datemultirange, path jsonpath, many realm[], words varchar(5)[], grid integer[][],
  x xml, net cidr, mac macaddr, bits bit varying(5), o oid, one "char", span tstzrange, at timestamp, tz timetz, price money, real4 real, lo_hi int8range,
  num numeric, store text GENERATED ALWAYS AS ('x') STORED);
CREATE TABLE "Mixed" ("Id" integer PRIMARY KEY, "Name" text, name text, "NAME" text, "select" text, "$x" text, "a""b" text, "back\slash" text);
CREATE TABLE mixed (id integer PRIMARY KEY, other integer REFERENCES "Mixed");
CREATE VIEW per_node AS SELECT tenant, count(*) AS leaves FROM node GROUP BY tenant;
INSERT INTO node VALUES (1, 'a', 'one'), (1, 'b', 'two'), (2, 'a', 'three');
INSERT INTO leaf VALUES (1, 1, 'b'), (2, 2, 'a');
INSERT INTO country VALUES (1, 'IT', 39);
INSERT INTO city VALUES (1, 'IT', 39);
INSERT INTO keyless VALUES (NULL, 'x'), (1, 'y'), (1, 'z'), (NULL, NULL);
INSERT INTO ticket VALUES (NULL, 'A-1'), ('2026-01-02', 'A-2');
INSERT INTO checks (kind, level, home, every, tint, place, deepest) VALUES ('a', 2, 'it''s', 'day', 'red', 'earth', 'blue');
INSERT INTO types (id, few, days, path, many, words, grid, x, net, mac, bits, o, one, span, at, tz, price, real4, lo_hi, num) VALUES ('7f3bf0f6-7b4b-4f7e-9d5b-0e5a3a0d7f11',
  '{[1,3)}', '{[2026-01-01,2026-02-01)}', '$.a', '{earth,"it''s"}', '{a,b}', '{{1,2},{3,4}}', '<a/>', '10.0.0.0/8', '08:00:2b:01:02:03', B'101', 7, 'c',
  '[2026-01-01 00:00+00,)', '2026-01-02 03:04:05', '09:00+01', 12.5, 1.5, '[1,5)', 1.25);
INSERT INTO types (id) VALUES ('7f3bf0f6-7b4b-4f7e-9d5b-0e5a3a0d7f12');
INSERT INTO "Mixed" VALUES (1, 'a', 'b', 'c', 'd', 'e', 'f', 'g');
INSERT INTO mixed VALUES (1, 1);
