package dev.aside.demo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetailFileTest {
    @TempDir
    Path directory;

    @Test
    void writeTo_goodFile_givesLinesWithoutHeader() throws IOException {
        Path file = RetailFiles.write(
                directory.resolve("good.csv.xz"), RetailFile.HEADER, "1,A,x,1,2011-01-01 08:00:00,1,,UK");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RetailFile.of(file).writeTo(out);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("1,A,x,1,2011-01-01 08:00:00,1,,UK\n");
    }

    @Test
    void of_noSuchFile_saysSo() {
        Path file = directory.resolve("absent.csv.xz");
        assertThatThrownBy(() -> RetailFile.of(file))
                .isInstanceOf(ShopDataException.class)
                .hasMessage("cannot read data file " + file + ": there is no such file");
    }

    @Test
    void of_directory_saysSo() {
        assertThatThrownBy(() -> RetailFile.of(directory))
                .hasMessage("cannot read data file " + directory + ": it is not a readable file");
    }

    @Test
    void of_notXz_saysSo() throws IOException {
        Path file = Files.writeString(directory.resolve("plain.csv"), RetailFile.HEADER + "\n");
        assertThatThrownBy(() -> RetailFile.of(file))
                .isInstanceOf(ShopDataException.class)
                .hasMessageStartingWith("cannot read data file " + file + ": ")
                .hasMessageContaining("XZ format")
                .hasMessageEndingWith("[hint: it should be a .csv.xz]");
    }

    @Test
    void of_otherColumns_showsWhatTheFileBeginsWith() throws IOException {
        Path file = RetailFiles.write(directory.resolve("other.csv.xz"), "Invoice,StockCode,Price", "1,2,3");
        assertThatThrownBy(() -> RetailFile.of(file))
                .isInstanceOf(ShopDataException.class)
                .hasMessage(file
                        + " is not the Online Retail data: it begins with 'Invoice,StockCode,Price' [hint: expected "
                        + RetailFile.HEADER + "]");
    }

    @Test
    void writeTo_truncatedFile_saysSo() throws IOException {
        String[] lines = new String[5_000];
        Arrays.setAll(lines, i -> i + ",A" + Integer.toHexString(i * 7_919) + ",x,1,2011-01-01 08:00:00,1,,UK");
        Path whole = RetailFiles.write(directory.resolve("whole.csv.xz"), RetailFile.HEADER, lines);
        byte[] bytes = Files.readAllBytes(whole);
        Path file = Files.write(directory.resolve("cut.csv.xz"), Arrays.copyOf(bytes, bytes.length - 500));
        assertThatThrownBy(() -> RetailFile.of(file).writeTo(new ByteArrayOutputStream()))
                .isInstanceOf(ShopDataException.class)
                .hasMessage("cannot read data file " + file + ": it ends too early [hint: it should be a .csv.xz]");
    }
}
