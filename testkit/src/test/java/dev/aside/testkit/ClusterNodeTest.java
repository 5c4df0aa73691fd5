package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterNodeTest {
    private static final String REPLY = """
            bbb 127.0.0.1:7002@17002,host-name master - 0 1700000000000 2 connected 5461-10922 10923 [12-<-ccc]
            aaa 127.0.0.1:7001@9001 myself,slave bbb 0 0 2 connected
            ccc 127.0.0.1:7003@17003 master,fail - 1700000000000 0 3 disconnected 0-5460
            ddd :0@0 slave,noaddr bbb 0 0 2 disconnected
            eee 127.0.0.1:7005@17005 handshake - 0 0 0 connected
            """;

    private final List<ClusterNode> nodes = ClusterNode.parse(REPLY);

    @Test
    void parse_reply_nodesById() {
        assertThat(nodes).extracting(ClusterNode::id).containsExactly("aaa", "bbb", "ccc");
        assertThat(nodes).extracting(ClusterNode::port).containsExactly(7001, 7002, 7003);
        assertThat(nodes).extracting(ClusterNode::busPort).containsExactly(9001, 17_002, 17_003);
        assertThat(nodes).extracting(ClusterNode::masterId).containsExactly("bbb", "-", "-");
    }

    @Test
    void serves_slot_onlyMastersThatDidNotFail() {
        assertThat(nodes.get(1).serves(5_461)).isTrue();
        assertThat(nodes.get(1).serves(10_923)).isTrue();
        assertThat(nodes.get(1).serves(10_924)).isFalse();
        assertThat(nodes.get(1).serves(12)).isFalse();
        assertThat(nodes.get(2).serves(1)).isFalse();
        assertThat(nodes).extracting(ClusterNode::servesAny).containsExactly(false, true, false);
    }
}
