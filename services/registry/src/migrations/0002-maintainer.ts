/** Who maintains a device, found without reading every record: as `registry_device` spells it. */
export const maintainer = `CREATE INDEX device_maintainer ON device (record ->> '$.maintainer')`
