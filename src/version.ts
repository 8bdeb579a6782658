/** As package.json has it: what is released is built without that file beside it. */
export const version = '0.1.0'
