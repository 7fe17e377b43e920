using FsCheck;
using FsCheck.Xunit;
using Tutti.Model.Manifest;

namespace Tutti.Model.Tests.Manifest;

public sealed class ManifestWriterTests
{
    [Property(MaxTest = 150)]
    public void What_is_written_reads_back_to_the_same(DoNotSize<int> any)
    {
        var spec = new SpecSource(any.Item).Architecture();

        var yaml = ManifestWriter.Write(spec);

        Assert.Equal(ContentHash.Of(spec), ContentHash.Of(Reading.Spec(yaml)));
        Assert.Equal(yaml, ManifestWriter.Write(Reading.Spec(yaml)));
    }

    [Fact]
    public void Defaults_are_left_out()
    {
        var yaml = ManifestWriter.Write(Reading.Spec(Reading.Service("ports: { http: {} }\nenv: { A: \"1\", B: b }\nresources: { cpu: 50m, memory: 1Gi }\nupdate: { maxSurge: 1, canary: { steps: [10%] } }") + "\nroutes: [{ to: a }]"));

        Assert.Equal("""
            apiVersion: tutti/v1
            architecture: shop
            services:
              a:
                version: "1.0.0"
                run:
                  command: [a]
                ports:
                  http: {}
                env:
                  A: "1"
                  B: b
                resources: {memory: 1Gi}
                update:
                  strategy: canary
                  steps: [10%]
            routes:
            - {to: a}

            """.ReplaceLineEndings("\n"), yaml);
    }
}
