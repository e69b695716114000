import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A server's certificate, which vouches for itself. */
export interface Certificate {
  certificateFile: string;
  keyFile: string;
  certificate: string;
}

/** Makes a certificate for a name and for this machine's loopback address. */
export const makeCertificate = (directory: string, name: string): Certificate => {
  const [certificateFile, keyFile] = [join(directory, "tls.crt"), join(directory, "tls.key")];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name},IP:127.0.0.1`];
  execFileSync(
    "openssl",
    ["req", "-x509", "-days", "2", ...key, ...names, "-keyout", keyFile, "-out", certificateFile],
    {
      stdio: "ignore",
    },
  );
  return { certificateFile, keyFile, certificate: readFileSync(certificateFile, "utf8") };
};
