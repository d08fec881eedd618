class Driftless < Formula
  desc "Keeps a Postgres schema, its migrations and its databases in step"
  homepage "https://github.com/driftless/driftless"
  version "VERSION"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "https://github.com/driftless/driftless/releases/download/vVERSION/driftless-VERSION-aarch64-apple-darwin.tar.gz"
      sha256 "SHA256(aarch64-apple-darwin)"
    end
    on_intel do
      url "https://github.com/driftless/driftless/releases/download/vVERSION/driftless-VERSION-x86_64-apple-darwin.tar.gz"
      sha256 "SHA256(x86_64-apple-darwin)"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/driftless/driftless/releases/download/vVERSION/driftless-VERSION-aarch64-unknown-linux-gnu.tar.gz"
      sha256 "SHA256(aarch64-unknown-linux-gnu)"
    end
    on_intel do
      url "https://github.com/driftless/driftless/releases/download/vVERSION/driftless-VERSION-x86_64-unknown-linux-gnu.tar.gz"
      sha256 "SHA256(x86_64-unknown-linux-gnu)"
    end
  end

  def install
    bin.install "driftless"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/driftless.bash" => "driftless"
    zsh_completion.install "completions/_driftless"
    fish_completion.install "completions/driftless.fish"
  end

  test do
    system bin/"driftless", "init", "--ci", "none"
    assert_match "in step: 2 tables, 1 migration", shell_output("#{bin}/driftless check")
  end
end
