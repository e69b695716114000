export declare const word: string;
export declare const question: string;
export declare const riddle: string;
export declare const errand: string;
export declare const form: string;
export declare const chore: (tool: string) => string;
export declare const forbidden: string;
export declare const priceTool: { readonly name: string };
