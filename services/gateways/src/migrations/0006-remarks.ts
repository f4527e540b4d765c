/** What a gateway remarks of a device beside its identity (`DeviceRemarks`): a device that could not be identified has remarks alone. */
export const remarks = `
ALTER TABLE device_binding ADD COLUMN remarks TEXT;
`
