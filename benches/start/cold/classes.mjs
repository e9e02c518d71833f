// The official client's three API classes alone, from nothing to the first status. It is bundled before it is measured.
import {
  createConfiguration,
  PublicExportsApi,
  ServerConfiguration,
} from "@hubspot/api-client/lib/codegen/crm/exports/index.js";

// In the bundle as well, for who asks about the other families of task.
export { FilesApi, FoldersApi } from "@hubspot/api-client/lib/codegen/files/index.js";

const [origin] = process.argv.slice(2);

const configuration = createConfiguration({
  baseServer: new ServerConfiguration(origin, {}),
  authMethods: { oauth2: { accessToken: "token" } },
});
new PublicExportsApi(configuration).getStatus("1").then(
  ({ status }) => process.exit(status === "COMPLETE" ? 0 : 1),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
