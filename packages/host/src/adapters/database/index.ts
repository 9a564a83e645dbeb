export { type BackupSummary, restoreBackup, writeBackup } from "./backup.ts";
export { type Database, type DatabaseOptions, type DatabasePlace, openDatabase } from "./open-database.ts";
export { type SqlStatistics } from "./statistics.ts";
