// The official client, from nothing to the first status.
import { Client } from "@hubspot/api-client";

const [origin] = process.argv.slice(2);

const client = new Client({ accessToken: "token", basePath: origin });
const { status } = await client.crm.exports.publicExportsApi.getStatus("1");
process.exit(status === "COMPLETE" ? 0 : 1);
