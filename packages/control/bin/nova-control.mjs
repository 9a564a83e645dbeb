#!/usr/bin/env node
// npm links a bin only when its file is there at install time, which compiled files are not.
import "../dist/src/service-main.js";
