-- What a database may hold beside well-behaved tables: keys of several columns that are referred to, keys that are
-- no keys, checks of every form, names that C has for itself, types that SQLite has never heard of.
CREATE TABLE node (tenant INTEGER NOT NULL, code VARCHAR(5) NOT NULL, name TEXT, PRIMARY KEY (tenant, code));
CREATE TABLE leaf (id INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, code VARCHAR(5) NOT NULL, FOREIGN KEY (tenant, code) REFERENCES node);
CREATE TABLE country (id INTEGER PRIMARY KEY, "ISO code" VARCHAR(2) NOT NULL UNIQUE, "dial number" INTEGER NOT NULL UNIQUE);
CREATE TABLE city (id INTEGER PRIMARY KEY, iso VARCHAR(2) NOT NULL REFERENCES country ("ISO code"), dial INTEGER NOT NULL REFERENCES COUNTRY ("Dial Number"));
CREATE TABLE pair (id INTEGER PRIMARY KEY, leaf INTEGER REFERENCES leaf (id), leaf_id INTEGER, node_id INTEGER, node INTEGER REFERENCES leaf (id));
CREATE TABLE itself (id INTEGER PRIMARY KEY REFERENCES itself (id));
CREATE TABLE keyless (a INTEGER, b TEXT);
CREATE TABLE ticket (opened DATE, number VARCHAR(9) NOT NULL UNIQUE);
CREATE TABLE checks (id INTEGER PRIMARY KEY, Kind VARCHAR(9) NOT NULL CHECK (kind in ('a','b')), level INTEGER NOT NULL CHECK (level IN (1, 2, -3)),
  shade VARCHAR(5) CHECK (shade = 'red' OR shade = 'blue'), opt VARCHAR(5) CHECK (opt IS NULL OR opt IN ('x','y')),
  notin VARCHAR(5) CHECK (NOT (notin IN ('x','y'))), part VARCHAR(5) CHECK (part IN ('x','y') OR id > 3),
  gen INTEGER AS (kind IN ('p','q')) STORED, both VARCHAR(5) CHECK (length(both) > 0 AND both IN ('m', 'it''s')));
CREATE TABLE Q (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE "FILE" (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE FILM_ACTOR (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE "count" (id INTEGER PRIMARY KEY, "id_" TEXT, "pk" TEXT);
CREATE TABLE "a""b" (id INTEGER PRIMARY KEY, "x""y" TEXT, "p%q" TEXT, "t??/ri" TEXT, "/*" TEXT, "*/" TEXT, "back\slash" TEXT, "" TEXT, "new
line" TEXT);
CREATE TABLE comment (id INTEGER PRIMARY KEY, weird "FOO /* x */ BAR", none, "unsigned" UNSIGNED BIG INT);
CREATE VIEW per_node AS SELECT tenant, count(*) AS leaves FROM node GROUP BY tenant;
INSERT INTO node VALUES (1, 'a', 'one'), (1, 'b', 'two'), (2, 'a', 'three');
INSERT INTO leaf VALUES (1, 1, 'b'), (2, 2, 'a');
INSERT INTO country VALUES (1, 'IT', 39);
INSERT INTO city VALUES (1, 'IT', 39);
INSERT INTO keyless VALUES (NULL, 'x'), (1, 'y'), (1, 'z'), (NULL, NULL);
INSERT INTO ticket VALUES (NULL, 'A-1'), ('2026-01-02', 'A-2');
INSERT INTO checks (id, Kind, level) VALUES (1, 'a', 2);
INSERT INTO Q VALUES (1, 'a');
INSERT INTO "FILE" VALUES (1, 'f');
INSERT INTO FILM_ACTOR VALUES (1, 'f');
INSERT INTO "a""b" VALUES (1, '1', '2', '3', '4', '5', '6', '7', '8');
INSERT INTO comment VALUES (1, 5, 2.5, 7);
INSERT INTO pair VALUES (1, 2, 3, 4, 1);
INSERT INTO itself VALUES (1);
