package dev.aside.offload.redis;

import dev.aside.testkit.RedisServer;

class StandaloneContractIT extends RedisJobStoreContract {
    @Override
    String uri() {
        return RedisServer.shared().uri();
    }
}
