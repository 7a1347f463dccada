-- A trader in the manner of Northwind, with what names can be: blanks, reserved words, digits first, one in another case.
CREATE TABLE "Categories" ("CategoryID" INTEGER PRIMARY KEY AUTOINCREMENT, "CategoryName" TEXT, "Picture" BLOB);
CREATE TABLE "Customers" ("CustomerID" CHAR(5) NOT NULL PRIMARY KEY, "CompanyName" VARCHAR(40) NOT NULL, "Country" TEXT);
CREATE TABLE "Order Details" ("OrderID" INTEGER NOT NULL REFERENCES "Orders" ("OrderID"), "ProductID" INTEGER NOT NULL REFERENCES "Products" ("ProductID"),
  "UnitPrice" NUMERIC NOT NULL DEFAULT 0, "Quantity" INTEGER NOT NULL DEFAULT 1, "Discount" REAL NOT NULL DEFAULT 0, PRIMARY KEY ("OrderID", "ProductID"), CHECK ("Discount" >= 0));
CREATE TABLE "Orders" ("OrderID" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "CustomerID" CHAR(5) REFERENCES "Customers" ("CustomerID"), "OrderDate" DATETIME, "Freight" NUMERIC DEFAULT 0,
  "class" TEXT, "case" INTEGER, "int" INTEGER, "2nd address" TEXT, "Ship__To" TEXT, "_hidden" INTEGER, "end_" TEXT, "object" TEXT, "größe" REAL);
CREATE TABLE "Products" ("ProductID" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ProductName" TEXT NOT NULL, "CategoryID" INTEGER REFERENCES "Categories" ("CategoryID"), "UnitPrice" NUMERIC(10,4), "Discontinued" BOOLEAN NOT NULL DEFAULT 0);
CREATE TABLE "Region" ("RegionID" INTEGER NOT NULL PRIMARY KEY, "RegionDescription" TEXT NOT NULL, "id" TEXT);
CREATE TABLE "3rd party" ("code" VARCHAR(8) PRIMARY KEY, "when" TIME, "day" DATE, "amount" DOUBLE, "strange" GEOMETRY);
CREATE TABLE "no_key" ("a" INTEGER, "b" TEXT);
CREATE TABLE "profile" ("customer" CHAR(5) NOT NULL PRIMARY KEY REFERENCES "Customers" ("CustomerID"), "note" TEXT);
CREATE TABLE "default" ("switch" INTEGER PRIMARY KEY, "default" TEXT NOT NULL DEFAULT 'x');
INSERT INTO "Categories" ("CategoryName") VALUES ('Beverages');
INSERT INTO "Customers" VALUES ('ALFKI', 'Alfreds Futterkiste', 'Germany');
INSERT INTO "Orders" ("CustomerID", "OrderDate", "class", "case", "int", "2nd address", "Ship__To", "_hidden", "end_", "object", "größe") VALUES ('ALFKI', '1997-08-25 00:00:00', 'a', 1, 2, 'b', 'c', 3, 'd', 'e', 1.5);
INSERT INTO "Products" ("ProductName", "CategoryID", "UnitPrice") VALUES ('Chai', 1, 18);
INSERT INTO "Order Details" VALUES (1, 1, 14, 12, 0);
INSERT INTO "Region" VALUES (1, 'Eastern', 'e');
INSERT INTO "3rd party" VALUES ('x1', '10:30:00', '2020-02-29', 1.25, 'POINT');
INSERT INTO "no_key" VALUES (1, 'one'), (2, 'two');
INSERT INTO "profile" VALUES ('ALFKI', 'pays');
INSERT INTO "default" VALUES (1, 'y');
