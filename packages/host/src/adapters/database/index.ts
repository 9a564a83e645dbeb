export { type Database, type DatabaseOptions, type DatabasePlace, openDatabase } from "./open-database.ts";
