package dev.aside.offload.redis;

import dev.aside.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void main_houseRules_hold() {
        HouseRules.of("dev.aside.offload.redis").allow().check();
    }
}
