namespace Tutti.Node.Agent;

/// <summary>Secrets of this node: one file each in <c>DATA/secrets</c>, put there by its operator; the last line end is not part of it.</summary>
internal sealed class SecretFiles(string folder)
{
    /// <summary>Value of a secret; null where there is no such file.</summary>
    public string? Find(string name)
    {
        var file = Path.Combine(folder, name);
        return name.Length > 0 && Path.GetFileName(name) == name && name is not ("." or "..") && File.Exists(file)
            ? File.ReadAllText(file).TrimEnd('\n', '\r')
            : null;
    }
}
