import "@tokenledger/register/instrument";
