#!/usr/bin/env node
// npm links a command only to a file that is there when it installs, and a clone is built after that.
import "../dist/bin.js";
