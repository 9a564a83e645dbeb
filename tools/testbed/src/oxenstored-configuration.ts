import { join } from "node:path";

/** Debian's oxenstored.conf with every file inside `directory` (oxenstored.conf.in of Xen 4.17). */
export function oxenstoredConfiguration(directory: string): string {
  const settings = {
    "pid-file": join(directory, "oxenstored.pid"),
    "test-eagain": false,
    "merge-activate": true,
    "perms-activate": true,
    "perms-watch-activate": true,
    "quota-activate": true,
    "quota-maxentity": 1000,
    "quota-maxsize": 2048,
    "quota-maxwatch": 100,
    "quota-transaction": 10,
    "quota-maxrequests": 1024,
    "quota-path-max": 1024,
    "quota-maxoutstanding": 1024,
    "quota-maxwatchevents": 1024,
    persistent: false,
    "xenstored-log-file": join(directory, "oxenstored.log"),
    "xenstored-log-level": "warn",
    "xenstored-kva": join(directory, "xsd_kva"),
    "xenstored-port": join(directory, "xsd_port"),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join("");
}
