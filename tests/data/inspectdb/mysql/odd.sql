-- What a database may hold beside well-behaved tables: keys of several columns that are referred to, tables without
-- any, checks of every form, enums and sets with quotes, odd numbers and names.
CREATE TABLE node (tenant integer NOT NULL, code varchar(5) NOT NULL, name text, PRIMARY KEY (tenant, code));
CREATE TABLE leaf (id integer AUTO_INCREMENT PRIMARY KEY, tenant integer NOT NULL, code varchar(5) NOT NULL, FOREIGN KEY (tenant, code) REFERENCES node (tenant, code));
CREATE TABLE country (id integer AUTO_INCREMENT PRIMARY KEY, `ISO code` varchar(2) NOT NULL UNIQUE, `dial number` integer NOT NULL UNIQUE);
CREATE TABLE city (id integer AUTO_INCREMENT PRIMARY KEY, iso varchar(2) NOT NULL, dial integer NOT NULL, FOREIGN KEY (iso) REFERENCES country (`ISO code`), FOREIGN KEY (dial) REFERENCES country (`dial number`));
CREATE TABLE keyless (a integer, b text);
CREATE TABLE ticket (opened date, number varchar(9) NOT NULL UNIQUE);
CREATE TABLE checks (id integer AUTO_INCREMENT PRIMARY KEY, kind varchar(9) NOT NULL CHECK (kind IN ('a', 'b')), level integer NOT NULL CHECK (level IN (1, 2, -3)),
  shade varchar(5) CHECK (shade = 'red' OR shade = 'blue'), opt varchar(5) CHECK (opt IS NULL OR opt IN ('x', 'y')),
  notin varchar(5) CHECK (NOT (notin IN ('x', 'y'))), part varchar(5) CHECK (part IN ('x', 'y') OR level > 3),
  `both` varchar(5) CHECK (length(`both`) > 0 AND `both` IN ('m', 'it''s')), home enum('earth', 'it''s', 'a\\b') NOT NULL, `check` enum('on', 'off'), several set('it''s', 'z') );
CREATE TABLE types (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, y2 year(2), tiny tinyint unsigned, medium mediumint unsigned, flag bit(1), flags bit(9), spot point, area polygon,
  ip inet6, d dec(9,3), n numeric, f float(7,3), r real, b binary(3), vb varbinary(3), tt tinytext, t time(3), ts timestamp(6) NULL, big bigint(20) unsigned zerofill,
  vc varchar(5) CHARACTER SET latin1, g integer AS (tiny + 1) VIRTUAL, hidden integer INVISIBLE);
CREATE TABLE `Mixed` (`Id` integer PRIMARY KEY, `Name` text, `select` text, `a``b` text, `back\slash` text, `$x` text, `größe` text);
CREATE VIEW per_node AS SELECT tenant, count(*) AS leaves FROM node GROUP BY tenant;
INSERT INTO node VALUES (1, 'a', 'one'), (1, 'b', 'two'), (2, 'a', 'three');
INSERT INTO leaf VALUES (1, 1, 'b'), (2, 2, 'a');
INSERT INTO country VALUES (1, 'IT', 39);
INSERT INTO city VALUES (1, 'IT', 39);
INSERT INTO keyless VALUES (NULL, 'x'), (1, 'y'), (1, 'z'), (NULL, NULL);
INSERT INTO ticket VALUES (NULL, 'A-1'), ('2026-01-02', 'A-2');
INSERT INTO checks (kind, level, home, `check`, several) VALUES ('a', 2, 'it''s', 'on', 'it''s,z');
INSERT INTO types (y2, tiny, medium, flag, flags, spot, area, ip, d, n, f, r, b, vb, tt, t, ts, big, vc, hidden) VALUES (26, 5, 6, b'1', b'101', ST_GeomFromText('POINT(1 2)'),
  ST_GeomFromText('POLYGON((0 0,0 1,1 1,0 0))'), '::1', 1.5, 2, 1.25, 2.5, 'abc', 'de', 'tt', '01:02:03.004', '2026-01-02 03:04:05.000006', 9, 'x', 4);
INSERT INTO types (tiny) VALUES (NULL);
INSERT INTO `Mixed` VALUES (1, 'a', 'b', 'c', 'd', 'e', 'f');
