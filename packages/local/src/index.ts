export { LocalFault, type FaultCode } from "./fault.ts";
export { startStore, type Store, type StoreCredentials, type StoreOptions } from "./store.ts";
